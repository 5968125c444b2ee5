import { expect, test } from '@jest/globals';
import { duplicates } from './duplicates.ts';

const nothing = {
  policy: 'group',
  identical_clusters: 0,
  identical_samples: 0,
  near_clusters: 0,
  near_samples: 0,
  conflicting_clusters: 0,
  dropped: 0,
};
const run = (found: Partial<typeof nothing>, near_duplicates = 'report') => ({
  config: { dataset: { near_duplicates } },
  dataset: { duplicates: { ...nothing, ...found } },
});

test('without duplicates nothing is said to have been done', () => {
  expect(duplicates(run({}), [])).toMatchObject({ none: true, counts: [], done: '', twins: [] });
});

test('what was done is said for the kinds that there are', () => {
  const identical = { identical_clusters: 1, identical_samples: 3 };
  expect(duplicates(run(identical), []).done).toMatch(/^Identical pictures were kept together/);
  expect(duplicates(run({ ...identical, policy: 'keep' }), []).done).toMatch(/^Nothing was done/);
  expect(duplicates(run({ dropped: 2, policy: 'drop' }), []).done).toMatch(/one was kept/);
  const near = { near_clusters: 2, near_samples: 4 };
  expect(duplicates(run(near), []).done).toMatch(/^Nearly identical ones are reported only/);
  expect(duplicates(run(near, 'group'), []).done).toMatch(/were kept together too/);
});

test('accuracies with and without a twin stand side by side, where there are any', () => {
  const twins = {
    identical: { with: { samples: 0, accuracy: null }, without: { samples: 9, accuracy: 0.5 } },
    near: { with: { samples: 4, accuracy: 0.75 }, without: { samples: 5, accuracy: 0.4 } },
  };
  const { twins: rows } = duplicates({ ...run({ near_clusters: 2 }), twins }, []);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    kind: 'identical or nearly so',
    twin: { samples: '4', accuracy: { value: '0.75' } },
    others: { samples: '5', accuracy: { value: '0.4' } },
  });
});

test('clusters are counted beyond those that are shown, and so are their members', () => {
  const figure = (index: number) => ({
    index,
    origin: '',
    class: 'a',
    kind: 'identical' as const,
    cluster: 0,
    members: 5,
    uri: '',
  });
  const found = { identical_clusters: 4, identical_samples: 11, conflicting_clusters: 1 };
  const [group] = duplicates(run(found), [figure(0), figure(1)]).groups;
  expect(group?.more).toBe('2 more');
  expect(group?.clusters[0]?.hidden).toBe('+ 3');
});

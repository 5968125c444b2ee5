import { writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { asExperimentError, ExperimentError } from './errors.ts';

const thrownBy = (action: () => void): unknown => {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
};

test('what the file system refuses is told with its path, and is no bug', () => {
  const path = `${import.meta.filename}/below-a-file`;
  const error = asExperimentError(thrownBy(() => writeFileSync(path, '')));
  expect(error).toMatchObject({ code: 'DISK' });
  expect(error?.message).toBe(`${path}: a file is where a directory should be (ENOTDIR)`);
  const full = asExperimentError(thrownBy(() => writeFileSync('/dev/full', 'text')));
  expect(full?.message).toMatch(/no space is left on the disk \(ENOSPC\)$/);
});

test('an error that a user can mend stays as it is; anything else is a bug', () => {
  const known = new ExperimentError('USAGE', 'there is no verb', 'look at --help');
  expect(asExperimentError(known)).toBe(known);
  const bugs = [new TypeError('x is not a function'), thrownBy(() => writeFileSync('/none/x', ''))];
  for (const bug of [...bugs, { code: 'ENOSPC' }, null, undefined, 'text'])
    expect(asExperimentError(bug)).toBeUndefined();
});

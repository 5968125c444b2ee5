/** From the labels of a source to the classes of the dataset. Names match whatever their capitals. */
import type { Problem } from '../errors.ts';
import { type ClassStep, sameClass } from './preprocessing/define.ts';
import { stepOf } from './preprocessing/index.ts';
import type { DatasetConfig } from './schema.ts';

type ClassConfig = Pick<DatasetConfig, 'classes' | 'preprocessing'>;

/** The class that samples of a source's class belong to; undefined leaves them out. */
export function targetClass(config: ClassConfig, name: string): string | undefined {
  if (config.classes && !config.classes.some((kept) => sameClass(kept, name))) return undefined;
  return classSteps(config).reduce<string | undefined>(
    (current, { step, options }) => current && step.rename(options, current),
    name,
  );
}

/**
 * The dataset's classes in label order from the source's: first the order of `classes`, then what
 * the steps make of it. Spellings are the source's.
 */
export function arrangeClasses(config: ClassConfig, names: readonly string[]): readonly string[] {
  const chosen = config.classes
    ?.map((wanted) => names.find((name) => sameClass(name, wanted)))
    .filter((name) => name !== undefined);
  return unique(
    (chosen ?? names).map((name) => targetClass(config, name)).filter((name) => name !== undefined),
  );
}

/** Classes that the config names but the source does not have. Paths start at the section. */
export function classProblems(config: ClassConfig, names: readonly string[]): Problem[] {
  const has = (list: readonly string[], name: string) => list.some((one) => sameClass(one, name));
  const hint = (list: readonly string[]) => `The classes are: ${list.join(', ')}.`;
  const problems: Problem[] = (config.classes ?? []).flatMap((name, index) =>
    has(names, name)
      ? []
      : [
          {
            path: ['classes', index],
            message: `no class "${name}" in the source`,
            hint: hint(names),
          },
        ],
  );
  let current = arrangeClasses({ classes: config.classes }, names);
  for (const { step, options, index } of classSteps(config)) {
    for (const name of step.mentions(options)) {
      if (has(current, name)) continue;
      const path = ['preprocessing', index, 'classes'];
      problems.push({ path, message: `no class "${name}" at this step`, hint: hint(current) });
    }
    current = unique(
      current.map((name) => step.rename(options, name)).filter((name) => name !== undefined),
    );
  }
  if (problems.length === 0 && current.length < 2) {
    problems.push({ path: [], message: `${current.length} class is left, at least 2 are needed` });
  }
  return problems;
}

/** Sorted as scikit-learn sorts labels: numbers by value, anything else by character. */
export function sortedLabels(labels: readonly string[]): string[] {
  const sorted = [...labels].sort();
  return labels.every((label) => /^-?\d+(\.\d+)?$/.test(label))
    ? sorted.sort((one, other) => Number(one) - Number(other))
    : sorted;
}

type ConfiguredStep = { step: ClassStep; options: unknown; index: number };

const classSteps = ({ preprocessing = [] }: ClassConfig): ConfiguredStep[] =>
  preprocessing.flatMap((options, index) => {
    const step = stepOf(options);
    return step.kind === 'class' ? [{ step, options, index }] : [];
  });

const unique = (names: readonly string[]): string[] =>
  names.filter((name, index) => names.findIndex((other) => sameClass(other, name)) === index);

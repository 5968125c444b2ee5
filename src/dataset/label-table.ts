/**
 * The labels of a dataset while its samples come in: which take part, which class they belong to,
 * and, once all are there, the order of the classes.
 */
import { ExperimentError } from '../errors.ts';
import { arrangeClasses, classProblems, sortedLabels, targetClass } from './classes.ts';
import { partNames } from './dataset.ts';
import { sameClass } from './preprocessing/define.ts';
import type { DatasetConfig } from './schema.ts';

export type LabelOptions = {
  readonly config: DatasetConfig;
  /** Where the samples come from, for messages. */
  readonly sourceName: string;
  /** Classes of the source, where it knows them before reading. */
  readonly sourceClasses: readonly string[] | undefined;
  /** For unseen data: classes that labels are mapped onto by name; others are left out. */
  readonly fixedClasses: readonly string[] | undefined;
};

type Label = { readonly name: string; readonly target: Target | undefined };

/** A class of the dataset, numbered as they appear. */
type Target = { readonly name: string; readonly id: number; count: number };

export class LabelTable {
  readonly #options: LabelOptions;
  #sourceClasses: readonly string[] | undefined;
  readonly #labels = new Map<string, Label>();
  readonly #targets: Target[] = [];
  readonly #taken: number[] = [];
  readonly #strangers = new Map<string, number>();

  constructor(options: LabelOptions) {
    this.#options = options;
    this.#sourceClasses = options.sourceClasses;
  }

  /** Whether a sample takes part as things stand. Once refused, it must not be offered again. */
  wants(label: string, part: number | undefined): boolean {
    const { parts, limit } = this.#options.config;
    if (parts && (part === undefined || !parts.includes(partNames[part] ?? 'train'))) return false;
    const { target } = this.#labelOf(label);
    if (target === undefined) this.#countStranger(label);
    return target !== undefined && (limit === undefined || target.count < limit);
  }

  /** Takes in one more sample, which must be wanted. */
  take(label: string): void {
    const { target } = this.#labelOf(label);
    if (target === undefined) throw new Error(`sample of an unwanted class ${label}`);
    target.count++;
    this.#taken.push(target.id);
  }

  /** Classes of the source in label order; names that differ in capitals only are one. */
  setClasses(names: readonly string[]): void {
    this.#sourceClasses = names.filter(
      (name, index) => names.findIndex((other) => sameClass(other, name)) === index,
    );
  }

  /** Classes in label order, and the class of each sample. Throws DATA_INVALID for empty classes. */
  finish(): { classes: readonly string[]; labels: Int32Array; notes: string[] } {
    const { fixedClasses } = this.#options;
    const classes = fixedClasses ?? this.#arrangedClasses();
    if (fixedClasses === undefined || this.#taken.length === 0) this.#checkFilled(classes);
    const order = this.#targets.map(({ name }) => classes.findIndex((one) => sameClass(one, name)));
    return {
      classes,
      labels: Int32Array.from(this.#taken, (id) => order[id] ?? 0),
      notes: [...this.#strangers].map(
        ([label, count]) =>
          `${count} samples of "${label}" are left out: not a class of the experiment`,
      ),
    };
  }

  #labelOf(text: string): Label {
    const key = text.toLowerCase();
    const known = this.#labels.get(key);
    if (known) return known;
    const label = { name: text, target: this.#targetOf(text) };
    this.#labels.set(key, label);
    return label;
  }

  #targetOf(name: string): Target | undefined {
    const { config, fixedClasses } = this.#options;
    const target = targetClass(config, name);
    if (target === undefined) return undefined;
    if (fixedClasses && !fixedClasses.some((fixed) => sameClass(fixed, target))) return undefined;
    const known = this.#targets.find((one) => sameClass(one.name, target));
    if (known) return known;
    const fresh = { name: target, id: this.#targets.length, count: 0 };
    this.#targets.push(fresh);
    return fresh;
  }

  /** Unseen data may have classes that the model does not know: counted, not predicted. */
  #countStranger(label: string): void {
    if (!this.#options.fixedClasses) return;
    this.#strangers.set(label, (this.#strangers.get(label) ?? 0) + 1);
  }

  #arrangedClasses(): readonly string[] {
    const { config, sourceName } = this.#options;
    const found =
      this.#sourceClasses ?? sortedLabels([...this.#labels.values()].map(({ name }) => name));
    const [problem] = found.length > 0 ? classProblems(config, found) : [];
    if (problem) {
      const where = problem.path.length > 0 ? `dataset.${problem.path.join('.')}: ` : '';
      const message = `${where}${problem.message} (${sourceName})`;
      throw new ExperimentError('DATA_INVALID', message, problem.hint);
    }
    return arrangeClasses(config, found);
  }

  #checkFilled(classes: readonly string[]): void {
    const { config, sourceName } = this.#options;
    const empty = classes.filter(
      (name) => !this.#targets.some((target) => sameClass(target.name, name) && target.count > 0),
    );
    if (empty.length === 0 && classes.length > 0) return;
    const all = this.#taken.length === 0;
    const what = all
      ? 'no samples'
      : `no samples of ${empty.map((name) => `"${name}"`).join(', ')}`;
    const hint = config.parts
      ? `Only samples of dataset.parts (${config.parts.join(', ')}) were taken.`
      : 'dataset.classes says which classes take part.';
    throw new ExperimentError('DATA_INVALID', `${sourceName}: ${what}`, hint);
  }
}

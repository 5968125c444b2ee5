/** Asks the rules, and applies what the experiment says under `lint`. */
import type { Problem } from '../../errors.ts';
import { didYouMean } from '../../schema/suggest.ts';
import type { ConfigFacts, DataFacts, Finding, ResultFacts, Rule } from './define.ts';
import { rules } from './index.ts';

export type LintReport = Finding & {
  readonly id: string;
  readonly severity: Rule['severity'];
  /** Why the experiment switched the rule off. */
  readonly off?: string | undefined;
};

/** Every finding of the rules that these facts suffice for, those switched off marked so. */
export const lint = (
  facts: ConfigFacts & Partial<DataFacts & ResultFacts>,
): readonly LintReport[] =>
  // A rule takes the facts that it needs; that they are there is what `isAnswerable` says.
  (Object.values(rules) as Rule[])
    .filter((rule) => isAnswerable(rule, facts))
    .flatMap((rule) =>
      rule.check(facts as never).map((finding) => ({
        ...finding,
        id: rule.id,
        severity: rule.severity,
        off: facts.config.lint[rule.id]?.off,
      })),
    );

const isAnswerable = ({ needs }: Rule, facts: Partial<DataFacts & ResultFacts>): boolean =>
  needs === 'config' || (needs === 'data' ? facts.dataset : facts.result) !== undefined;

/** The findings that stop the run. */
export const lintErrors = (reports: readonly LintReport[]): readonly Problem[] =>
  reports.filter(({ severity, off }) => severity === 'error' && off === undefined).map(asProblem);

/** A finding with its rule's id before the message. */
export const asProblem = ({ id, path, message, hint = '' }: LintReport): Problem => ({
  path,
  message: `${id} ${message}`,
  hint: [hint, `lint: { ${id}: { off: "reason" } } switches the rule off`]
    .filter((text) => text !== '')
    .join('; '),
});

/** What is wrong under `lint` itself. */
export const lintConfigProblems = (
  config: Readonly<Record<string, { readonly off: string }>>,
): readonly Problem[] =>
  Object.entries(config).flatMap(([id, { off }]): readonly Problem[] => {
    const ids = Object.keys(rules);
    if (!ids.includes(id))
      return [
        {
          path: ['lint', id],
          atKey: true,
          message: `there is no lint rule ${id}`,
          hint: didYouMean(id, ids) ?? `the rules are ${ids.join(', ')}`,
        },
      ];
    if (off.trim() !== '') return [];
    return [{ path: ['lint', id, 'off'], message: `${id} is switched off without a reason` }];
  });

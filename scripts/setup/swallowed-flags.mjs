// `npm run exp x.yaml --smoke` gives --smoke to npm, which only leaves it in the environment.

/** The flags of our verbs; those with a value end in `=`. A test compares them with the verbs. */
const flags = [
  '--smoke',
  '--fresh',
  '--resume',
  '--json',
  '--list',
  '--set=',
  '--folds=',
  '--fold=',
  '--device=',
  '--folds-at-once=',
  '--baseline=',
  '--variant=',
  '--port=',
  '--output=',
  '-o=',
];

/**
 * The command line as it has to be written, when npm kept flags for itself; undefined otherwise.
 * @param {readonly string[]} args what npm passed on
 * @param {NodeJS.ProcessEnv} env
 */
export function commandWithFlags(args, env) {
  const script = env.npm_lifecycle_event;
  if (script !== 'exp' && script !== 'ui') return undefined;
  const swallowed = flags.flatMap((flag) => swallowedForms(flag, env));
  if (env.npm_config_track === '') swallowed.push('--no-track');
  if (swallowed.length === 0) return undefined;
  return ['npm run', script, '--', ...args, ...swallowed].join(' ');
}

/**
 * How often and with what values npm kept this flag.
 * @param {string} flag
 * @param {NodeJS.ProcessEnv} env
 */
function swallowedForms(flag, env) {
  const takesValue = flag.endsWith('=');
  const written = takesValue ? flag.slice(0, -1) : flag;
  const kept = env[`npm_config_${written.replace(/^--?/, '').replaceAll('-', '_')}`];
  if (!kept) return []; // npm sets what is false to ''
  // A repeated flag comes as its values with blank lines between. npm leaves `true` where the
  // value was a word of its own: that word is among the arguments, we can't tell which.
  return kept.split('\n\n').map((value) => {
    if (value === 'true') return takesValue ? `${written} …` : written;
    return `${written}=${value}`;
  });
}

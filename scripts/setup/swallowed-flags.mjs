// `npm run exp x.yaml --smoke` gives --smoke to npm, which only leaves it in the environment.

/** Flags of our verbs that take no value, by their name in npm's environment. */
const switches = { smoke: '--smoke', fresh: '--fresh', json: '--json' };

/** Flags that take a value; npm leaves `true` where the value was a word of its own. */
const valued = {
  set: '--set',
  folds: '--folds',
  resume: '--resume',
  device: '--device',
  folds_at_once: '--folds-at-once',
  executor: '--executor',
  baseline: '--baseline',
  o: '-o',
};

/**
 * The command line as it has to be written, when npm kept flags for itself; undefined otherwise.
 * @param {readonly string[]} args what npm passed on
 * @param {NodeJS.ProcessEnv} env
 */
export function commandWithFlags(args, env) {
  const script = env.npm_lifecycle_event;
  if (script !== 'exp' && script !== 'ui') return undefined;
  const flags = swallowedFlags(env);
  if (flags.length === 0) return undefined;
  return ['npm run', script, '--', ...args, ...flags].join(' ');
}

/** @param {NodeJS.ProcessEnv} env */
function swallowedFlags(env) {
  const flags = [];
  for (const [name, flag] of Object.entries(switches)) {
    if (env[`npm_config_${name}`] === 'true') flags.push(flag);
  }
  for (const [name, flag] of Object.entries(valued)) {
    // A repeated flag comes as its values with blank lines between.
    for (const value of env[`npm_config_${name}`]?.split('\n\n') ?? []) {
      flags.push(value === 'true' ? `${flag} …` : `${flag} ${value}`);
    }
  }
  if (env.npm_config_track === '') flags.push('--no-track');
  return flags;
}

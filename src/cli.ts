#!/usr/bin/env node
/** argv → verb → exit code. Loads nothing heavy: `--help` costs little more than Node itself. */
import { existsSync } from 'node:fs';
import { chooseVerb, readCall } from './cli/arguments.ts';
import { endWith } from './cli/failure.ts';
import { commandHelp, verbHelp } from './cli/help.ts';
import { verbs } from './cli/index.ts';
import { print } from './cli/terminal.ts';
import { foldwiseVersion } from './installation.ts';
import { didYouMean } from './schema/suggest.ts';

/** Runs one command line; gives the exit code. */
async function main(words: readonly string[]): Promise<number> {
  const [first] = words;
  if (first === '--version' || first === '-v') {
    print(foldwiseVersion());
    return 0;
  }
  const wantsHelp = words.includes('--help') || words.includes('-h') || first === 'help';
  const spoken = words.filter((word) => !['--help', '-h', 'help'].includes(word));
  if (words.length === 0 || (wantsHelp && spoken.length === 0)) {
    print(commandHelp(verbs));
    return words.length === 0 ? 2 : 0;
  }
  const { verb, words: rest } = chooseVerb(wantsHelp ? spoken : words, verbs, suggestVerb);
  if (wantsHelp) {
    print(verbHelp(verb));
    return 0;
  }
  return verb.run(readCall(verb, rest, didYouMean));
}

/** `lenet5` means `experiments/lenet5.yaml` where that lies; else the nearest verb. */
function suggestVerb(word: string, verbNames: readonly string[]): string | undefined {
  const file = [`${word}.yaml`, `experiments/${word}.yaml`].find((path) => existsSync(path));
  return file ? `did you mean the experiment ${file}?` : didYouMean(word, verbNames);
}

// `foldwise … | head` has read enough: what it does not read is no failure, and a run goes on.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

const words = process.argv.slice(2);
process.exitCode = await main(words).catch((error: unknown) =>
  endWith(error, words.includes('--json')),
);

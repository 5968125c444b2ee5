// `npm run check`: types, lint and the quick tests beside their sources; the inner loop.
import { nodeIsNewEnough } from './setup/node-version.mjs';

if (nodeIsNewEnough()) {
  const { runChecks } = await import('./setup/run-checks.mjs');
  await runChecks(['--roots=src', '--testPathIgnorePatterns=\\.slow\\.test\\.ts$']);
}

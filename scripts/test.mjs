// `npm test`: set-up, types, lint and every test there is. Nothing is skipped.
import { nodeIsNewEnough } from './setup/node-version.mjs';

if (nodeIsNewEnough()) {
  const { runChecks } = await import('./setup/run-checks.mjs');
  await runChecks(['--testTimeout=300000']);
}

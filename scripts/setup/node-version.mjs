// The first thing that runs, so written for Nodes that are too old for everything else.

/** Whether this Node is new enough; if not, says so and sets exit code 4. */
export function nodeIsNewEnough(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return true; // package.json, engines
  console.error(
    `foldwise: Node ${version} is too old; 20.19 or newer is needed.\n` +
      '  Install Node 22 or 24 from https://nodejs.org or with your package manager.',
  );
  process.exitCode = 4;
  return false;
}

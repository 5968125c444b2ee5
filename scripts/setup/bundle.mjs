// TypeScript to JavaScript that starts fast: Node needs about half a millisecond for each module
// file, and there are hundreds. Types are `npm run check`'s matter.

/**
 * Bundles entry points with what they share; packages stay outside.
 * @param {{ root: string, entryPoints: readonly string[], base: string, folder: string }} options
 */
export async function bundle({ root, entryPoints, base, folder }) {
  const esbuild = await import('esbuild');
  try {
    await esbuild.build({
      absWorkingDir: root,
      entryPoints: [...entryPoints],
      outbase: base,
      outdir: folder,
      chunkNames: 'chunks/[name]-[hash]',
      bundle: true,
      splitting: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: true,
      logLevel: 'silent',
    });
  } finally {
    await esbuild.stop();
  }
}

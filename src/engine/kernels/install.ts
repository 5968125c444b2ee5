/** The kernels of tfjs that have a faster form here. */
import type { Engine } from '../engine.ts';
import { activationGradients } from './activation-gradients.ts';
import { bias } from './bias.ts';
import type { FastKernel } from './fast-kernel.ts';
import { gather } from './gather.ts';
import { matrixProduct } from './matrix-product.ts';
import { maxPooling } from './max-pooling.ts';

export const fastKernels = [
  activationGradients,
  bias,
  gather,
  matrixProduct,
  maxPooling,
] as const satisfies readonly FastKernel[];

const installed = new Map<string, () => void>();

/**
 * Puts the fast kernels in place of tfjs's own, all but those named in `except`, which get tfjs's
 * own back. Calling it again settles it anew.
 *
 * @throws {Error} for a name that no kernel has
 */
export function installFastKernels(
  tf: Engine,
  { except = [] }: { readonly except?: readonly string[] | undefined } = {},
): void {
  const names: readonly string[] = fastKernels.map(({ name }) => name);
  const unknown = except.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`no fast kernel is called ${unknown}`);
  for (const kernel of fastKernels) {
    const uninstall = installed.get(kernel.name);
    if (except.includes(kernel.name)) {
      uninstall?.();
      installed.delete(kernel.name);
    } else if (!uninstall) {
      installed.set(kernel.name, kernel.install(tf));
    }
  }
}

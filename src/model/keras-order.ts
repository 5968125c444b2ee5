/** The order of `model.layers` in Keras, in which its files keep the weights. */
import type { LayerNode } from './graph.ts';

/**
 * The nodes that `output` depends on, deepest first; of equal depth in the order in which a walk
 * from the output meets them (`keras.src.ops.function.map_graph`).
 */
export function kerasOrder(nodes: readonly LayerNode[], output: string): readonly LayerNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const met = new Map<string, number>();
  const finished: LayerNode[] = [];
  const visit = (name: string): void => {
    const node = byName.get(name);
    if (node === undefined || met.has(name)) return;
    met.set(name, met.size);
    node.inputs.forEach(visit);
    finished.push(node);
  };
  visit(output);
  const depths = new Map<string, number>();
  const depthOf = (name: string): number => depths.get(name) ?? 0;
  for (const { name, inputs } of finished.toReversed()) {
    for (const input of inputs) depths.set(input, Math.max(depthOf(input), depthOf(name) + 1));
  }
  const place = (name: string): number => met.get(name) ?? 0;
  return finished.sort(
    (a, b) => depthOf(b.name) - depthOf(a.name) || place(a.name) - place(b.name),
  );
}

/** The resolved config as YAML, each value with where it came from as a comment. */
import { Document, isCollection, isMap, isScalar, isSeq, type Node as YamlNode } from 'yaml';
import type { ConfigPath } from '../errors.ts';
import type { Loaded, Origin } from './load.ts';
import { shownPosition } from './source.ts';

/** `file:line`, `--set …`, an environment variable, or that it is the default. */
export const shownOrigin = (origin: Origin): string => {
  if (origin.kind === 'default') return 'default';
  if (origin.kind === 'set') return `--set ${origin.argument}`;
  const place = shownPosition(origin.position).replace(/:\d+$/, '');
  return origin.kind === 'env' ? `environment ${origin.name}, ${place}` : place;
};

export const annotated = <Config>({ config, origin }: Loaded<Config>): string => {
  const document = new Document(config);
  const visit = (node: YamlNode | null, path: ConfigPath): void => {
    if (isMap(node))
      for (const { key, value } of node.items) {
        const inner = [...path, isScalar(key) ? String(key.value) : String(key)];
        // `[]` has no room for a comment: it stands above the key.
        if (isScalar(key) && isCollection(value) && value.items.length === 0)
          key.commentBefore = ` ${shownOrigin(origin(inner))}`;
        // Made from plain data: keys are text, values are nodes.
        else visit(value as YamlNode | null, inner);
      }
    else if (isSeq(node))
      node.items.forEach((item, index) => {
        visit(item as YamlNode | null, [...path, index]);
      });
    if (node && !isCollection(node)) node.comment = ` ${shownOrigin(origin(path))}`;
  };
  visit(document.contents, []);
  return document.toString({ lineWidth: 0 }).trimEnd();
};

/** A Handlebars template with its parts → a page. User text is escaped by the templates. */
import Handlebars from 'handlebars';
import { template } from './templates.ts';

/** `parts` are files of `templates/` without `.html`; a template calls them by their last word. */
export function renderPage(name: string, parts: readonly string[], context: object): string {
  const page = Handlebars.create();
  for (const part of parts)
    page.registerPartial(part.split('/').at(-1) ?? part, template(`${part}.html`).trimEnd());
  return page.compile(template(`${name}.html`), { strict: true })(context);
}

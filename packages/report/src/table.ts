import { html, type Markup } from './markup.js';

type Cell = Markup | string;

/** A table with a caption; the cells of columns that hold numbers stand on the right. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  { numbers = heads.slice(1) }: { readonly numbers?: readonly string[] } = {},
): Markup {
  const side = (i: number): string => (numbers.includes(heads[i]!) ? 'number' : 'text');
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads.map((head, i) => html`<th scope="col" class="${side(i)}">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, i) =>
                i === 0
                  ? html`<th scope="row" class="${side(i)}">${cell}</th>`
                  : html`<td class="${side(i)}">${cell}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** What stands beside a drawing for whoever cannot see it, or wants its numbers. */
export function asTable(id: string, content: Markup): Markup {
  return html`<details id="${id}-table">
    <summary>As a table</summary>
    ${content}
  </details>`;
}

/** A place that the script draws in, and what it will show in words. */
export function drawing(id: string, label: string): Markup {
  return html`<div class="plot" id="${id}" role="img" aria-label="${label}"></div>`;
}

/** A section of the page. */
export function section(id: string, title: string, content: Markup): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section>`;
}

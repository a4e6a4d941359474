import { useSignal } from '@preact/signals';
import { about } from '../live/feeds';
import { range, view } from '../live/state';
import { questionSql } from '../model/question-sql';
import { visible } from '../model/visible';
import { Dialog } from './dialog';
import { dimensionTitle, tableDimensions } from './dimension-titles';
import { Icon } from './icons';
import { questionIsOpen } from './open';
import { Scrolled } from './scrolled';

/** Questions that counters cannot answer, as SQL that can. */
export function Question() {
  const dimensions = tableDimensions(about.answer.value?.dimensions ?? []);
  const where = view.value.selected ?? { dimension: 'page', value: '/' };
  const others = dimensions.filter((name) => name !== where.dimension);
  const by = useSignal(others[0] ?? 'type');
  const isCopied = useSignal(false);
  const { from, to } = range.value;
  const sql = questionSql({ where, by: by.value, from, to });
  return (
    <Dialog
      title="Two dimensions at once"
      onClose={() => {
        questionIsOpen.value = false;
      }}
    >
      <p>
        A counter has one dimension. How often a page was seen <em>on a phone</em> is not among them, and the
        page does not guess it. The archive has every click, and SQL over it has the answer.
      </p>
      <p class="sentence">
        <label>
          Clicks by{' '}
          <select
            value={by.value}
            onChange={({ currentTarget }) => {
              by.value = currentTarget.value;
              isCopied.value = false;
            }}
          >
            {others.map((name) => (
              <option key={name} value={name}>
                {dimensionTitle(name).one.toLowerCase()}
              </option>
            ))}
          </select>
        </label>{' '}
        where {dimensionTitle(where.dimension).one.toLowerCase()} is{' '}
        <bdi class="chip">{visible(where.value)}</bdi>
      </p>
      <Scrolled label="SQL" className="sql">
        <pre>
          <code>{sql}</code>
        </pre>
      </Scrolled>
      <p class="buttons">
        <button
          type="button"
          class="control"
          onClick={() => {
            void navigator.clipboard.writeText(sql).then(() => {
              isCopied.value = true;
            });
          }}
        >
          <Icon name="copy" /> Copy
        </button>
        <span role="status">{isCopied.value ? 'Copied.' : ''}</span>
      </p>
      <p class="muted">
        For Athena or DuckDB over the archive, or for <code>npm run query</code> where the checkout has that
        command. An event that the archive holds twice is to be counted once, by its place in the stream.
      </p>
    </Dialog>
  );
}

import { useSignal } from '@preact/signals';
import { about } from '../live/feeds';
import { range, view } from '../live/state';
import { questionCommand } from '../model/question-sql';
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
  const command = questionCommand({ where, by: by.value, from, to }, about.answer.value?.place);
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
      <Scrolled label="Command" className="sql">
        <pre>
          <code>{command}</code>
        </pre>
      </Scrolled>
      <p class="buttons">
        <button
          type="button"
          class="control"
          onClick={() => {
            void navigator.clipboard.writeText(command).then(() => {
              isCopied.value = true;
            });
          }}
        >
          <Icon name="copy" /> Copy
        </button>
        <span role="status">{isCopied.value ? 'Copied.' : ''}</span>
      </p>
      <p class="muted">
        In a shell, in the checkout; with <code>--stack NAME</code> for a deployed pipeline. It counts each
        event once by its id, and knows what Firehose has delivered by then.
      </p>
    </Dialog>
  );
}

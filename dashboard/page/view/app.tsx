import { useSignalEffect } from '@preact/signals';
import { about } from '../live/feeds';
import { silentSince, wake } from '../live/pulse';
import { view, zone } from '../live/state';
import { visible } from '../model/visible';
import { clockText } from '../model/zoned';
import { AllValues } from './all-values';
import { Cards } from './cards';
import { tableDimensions } from './dimension-titles';
import { Header } from './header';
import { HealthStrip } from './health-strip';
import { Help } from './help';
import { helpIsOpen, questionIsOpen } from './open';
import { Overview } from './overview';
import { Question } from './question';
import { TopPanel } from './top-panel';

export function App() {
  useSignalEffect(() => {
    document.title = about.answer.value?.pipeline ?? 'Clicks';
  });
  const dimensions = tableDimensions(about.answer.value?.dimensions ?? []);
  const { all } = view.value;
  return (
    <>
      <Header />
      <Silence />
      <section aria-label="Condition of the pipeline">
        <HealthStrip />
      </section>
      <main>
        <section class="panel overview" aria-label="Overview">
          <Cards />
          <Overview />
        </section>
        <TwoDimensionsNote />
        <div class="tops">
          {dimensions.map((dimension) => (
            <TopPanel key={dimension} dimension={dimension} />
          ))}
        </div>
      </main>
      <footer class="muted">
        Counts are exact; visitors and sessions are estimates.{' '}
        <button type="button" class="link" onClick={() => openQuestion()}>
          Ask two dimensions at once
        </button>
      </footer>
      {all && <AllValues key={all} dimension={all} />}
      {helpIsOpen.value && <Help />}
      {questionIsOpen.value && <Question />}
    </>
  );
}

function openQuestion(): void {
  questionIsOpen.value = true;
}

/** Old numbers must not look like new ones. */
function Silence() {
  const since = silentSince.value;
  return (
    <div role="status" class="silence-frame">
      {since !== undefined && (
        <p class="silence">
          <strong>No answer since {clockText(since, zone.value)}.</strong> The numbers are of then; the page
          keeps asking.
          <button type="button" class="plain" onClick={wake}>
            Ask now
          </button>
        </p>
      )}
    </div>
  );
}

function TwoDimensionsNote() {
  const { selected } = view.value;
  if (!selected) return null;
  return (
    <p class="note">
      The tables count all clicks, not only those of <bdi>{visible(selected.value)}</bdi>: a counter has one
      dimension.{' '}
      <button type="button" class="link" onClick={() => openQuestion()}>
        Ask for both, in SQL
      </button>
    </p>
  );
}

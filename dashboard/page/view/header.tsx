import { about } from '../live/feeds';
import { show, view } from '../live/state';
import { Icon, IconButton } from './icons';
import { Now } from './now';
import { helpIsOpen } from './open';
import { RangePicker } from './range-picker';
import { toggleFullScreen } from './shortcuts';
import { theme, themes } from './theme';
import { ZonePicker } from './zone-picker';

const themeIcons = { system: 'system', light: 'sun', dark: 'moon' } as const;

export function Header() {
  const { compare } = view.value;
  const nextTheme = themes[(themes.indexOf(theme.value) + 1) % themes.length]!;
  return (
    <header class="top">
      <h1>{about.answer.value?.pipeline ?? 'Clicks'}</h1>
      <Now />
      <div class="controls">
        <RangePicker />
        <button
          type="button"
          class="control"
          aria-pressed={compare}
          onClick={() => show({ compare: !compare })}
        >
          <Icon name="compare" />
          <span>Compare</span>
        </button>
        <ZonePicker />
        <IconButton
          icon={themeIcons[theme.value]}
          label={`Colours: ${theme.value}. Change to ${nextTheme}`}
          onClick={() => {
            theme.value = nextTheme;
          }}
        />
        <IconButton icon="full" label="Full screen" onClick={() => void toggleFullScreen()} />
        <IconButton
          icon="help"
          label="Help"
          onClick={() => {
            helpIsOpen.value = true;
          }}
        />
        {document.documentElement.dataset.edition === 'hosted' && (
          // Heard by the script that has signed in, which the hosted edition alone has.
          <IconButton
            icon="leave"
            label="Sign out"
            onClick={() => document.dispatchEvent(new Event('sign-out'))}
          />
        )}
      </div>
    </header>
  );
}

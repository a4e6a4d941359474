import { type EventForm, eventForms, ForwarderEnvironment } from './contract';

/** @throws Error that names the variable, its value and what is allowed */
export function readEventForm(environment: Readonly<Record<string, string | undefined>>): EventForm {
  const value = environment[ForwarderEnvironment.eventForm];
  const form = eventForms.find((one) => one === value);
  if (form) return form;
  const shown = JSON.stringify(value) ?? 'not set';
  throw new Error(
    `environment variable ${ForwarderEnvironment.eventForm} is ${shown}; allowed is one of ${eventForms.join(', ')}`,
  );
}

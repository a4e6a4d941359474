import { type Environment, environmentReader } from '../../domain/function/function-environment';
import { type EventForm, eventForms, ForwarderEnvironment } from './contract';

/** @throws Error that names the variable, its value and what is allowed */
export function readEventForm(environment: Environment): EventForm {
  return environmentReader(environment).oneOf(ForwarderEnvironment.eventForm, eventForms);
}

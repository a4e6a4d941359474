import { signal } from '@preact/signals';

/** What lies over the page; not in the address, as it shows nothing of the data. */
export const pickerIsOpen = signal(false);
export const helpIsOpen = signal(false);
export const questionIsOpen = signal(false);

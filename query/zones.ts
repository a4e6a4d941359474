import { type TimeZone, timeZoneNamed } from '../report/time-zone';

const zonesKept = 20;
/** A zone remembers every instant that it was asked about, so that it is made anew after so many requests. */
const requestsOfAZone = 1_000;

const zones = new Map<string, { readonly zone: TimeZone; requests: number }>();

/** As `timeZoneNamed`; what a zone has found out about its clocks is kept from one request to the next. */
export function rememberedZone(name: string): TimeZone | undefined {
  const known = zones.get(name);
  if (known && ++known.requests < requestsOfAZone) return known.zone;
  const zone = timeZoneNamed(name);
  if (!zone) return undefined;
  zones.delete(name);
  zones.set(name, { zone, requests: 0 });
  if (zones.size > zonesKept) zones.delete(zones.keys().next().value!);
  return zone;
}

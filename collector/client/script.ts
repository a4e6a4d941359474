import { createTracker, type TrackerOptions } from './tracker';

/**
 * The script of a page:
 * `<script defer src="https://….on.aws/clicks.js" data-webdriver="counted" data-privacy-control="ignored"></script>`.
 * Events go to where it comes from. Its one global name is `clicks`.
 */
const script = document.currentScript;
// Markup of the page's users may be named so, an image say, and would have events sent to its address.
if (script instanceof HTMLScriptElement) {
  const { src, dataset } = script;
  const { endpoint, privacyControl, webdriver, automatic, unconfirmedSeconds } = dataset;
  const options: TrackerOptions = {
    endpoint: endpoint ?? new URL('events', src).href,
    privacyControl: privacyControl === 'ignored' ? 'ignored' : 'respected',
    webdriver: webdriver === 'counted',
    automatic: automatic !== 'off',
    ...(unconfirmedSeconds !== undefined && { unconfirmedSeconds: Number(unconfirmedSeconds) }),
  };
  (window as unknown as Record<string, unknown>).clicks = createTracker(options);
}

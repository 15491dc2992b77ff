import { findChromium } from '../chromium.ts';

/** Before the first journey: finds the browser, or installs one, for all workers to inherit. */
export default function chooseBrowser() {
  process.env['CHROME_BIN'] = findChromium();
}

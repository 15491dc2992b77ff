import { dateText, timeText, wallClock } from './dates.ts';
import { useNow } from './now.ts';
import './printed.css';
import './words/later.ts';
import { t } from './words/words.ts';

/** On paper only, at the foot of every page: when it was printed. The clock alone says nothing there. */
export function Printed() {
  const now = useNow();
  const time = `${dateText(wallClock(now).day)} ${timeText(now)}`;
  return <p class="printed">{t('print.when', { time })}</p>;
}

import type { OutboxItem } from '../outbox/kept.ts';
import { sayConfirm, sayCount } from '../shell/words/confirm-words.ts';
import { moment } from './status-view.ts';

export interface TrayLine {
  /** «1 trenger deg · 2 venter på å bli sendt» */
  readonly text: string;
  /** Somebody must do something; or something has waited longer than anybody would think. */
  readonly look: 'warning' | 'waiting' | 'received';
}

/** The folded line; undefined where there is nothing to say. What is grave comes first. */
export function trayLine(items: readonly OutboxItem[]): TrayLine | undefined {
  if (items.length === 0) return undefined;
  const waiting = items.filter(({ state }) => state !== 'acked');
  const human = waiting.filter(needsSomebody);
  const others = waiting.filter(item => !needsSomebody(item));
  const unkept = waiting.filter(({ kept }) => !kept).length;
  const overdue = others.filter(item => item.overdue).length;
  const parts = [
    human.length > 0 && sayCount('tray.human', human.length),
    overdue > 0 && sayCount('tray.overdue', overdue),
    others.length > overdue && sayCount('tray.waiting', others.length - overdue),
    unkept > 0 && sayCount('tray.unkept', unkept),
    waiting.length === 0 && sayCount('tray.received', items.length),
  ];
  const grave = human.length + overdue + unkept > 0;
  const look = grave ? 'warning' : waiting.length > 0 ? 'waiting' : 'received';
  return { text: parts.filter(Boolean).join(' · '), look };
}

const needsSomebody = ({ state }: OutboxItem) => state === 'conflict' || state === 'needs-human';

/** «Evaluering, skrevet kl. 14.20» */
export function itemTitle({ proposal, since }: OutboxItem, now: Date): string {
  const hva = sayConfirm(proposal ? `tray.${proposal.what}` : 'tray.unopened');
  return sayConfirm('tray.written', { hva, tid: moment(since, now) });
}

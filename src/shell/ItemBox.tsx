import { signal } from '@preact/signals';
import type { ComponentChildren, FunctionComponent } from 'preact';
import type { Flag, Item, Shared } from '../record/reading.ts';
import { flagWords } from './state-view.ts';

interface Props {
  readonly item: Shared<Item>;
  /** Flags the view saw beside those the record gave. */
  readonly flags?: readonly Flag[];
  /** Flags the content itself already puts into words. */
  readonly said?: readonly Flag[];
  readonly as?: 'li' | 'div' | 'article';
  readonly class?: string;
  readonly hidden?: boolean;
  readonly look?: string | undefined;
  readonly children: ComponentChildren;
}

/** What opens an item's origin; it comes with the rooms that nobody's first minute depends on. */
export const itemOrigin = signal<{
  readonly Origin?: FunctionComponent<{ readonly item: Shared<Item> }>;
}>({});

/** One thing a source said. A flag is never only a colour: it is a sentence. */
export function ItemBox(props: Props) {
  const { item, flags = item.flags, said = [], as: Box = 'li', children } = props;
  const { Origin } = itemOrigin.value;
  const aloud = flags.filter(flag => !said.includes(flag));
  return (
    <Box
      class={props.class ? `item ${props.class}` : 'item'}
      data-item-id={item.source.ref}
      data-flag={flags.length > 0 ? flags.join(' ') : undefined}
      data-look={props.look}
      hidden={props.hidden}
    >
      {children}
      {aloud.map(flag => (
        <p key={flag} class="flag">
          {flagWords(flag)}
        </p>
      ))}
      {Origin && <Origin item={item} />}
    </Box>
  );
}

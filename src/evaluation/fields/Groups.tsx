import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { FormItem } from '../../record/evaluating/form.ts';
import { Text } from '../../shell/Text.tsx';
import { sayEvaluation } from '../../shell/words/evaluation-words.ts';
import { aboutOf } from '../about.ts';
import { useAnswering } from '../answering.ts';
import { countAt, type Place, placeId } from '../answers.ts';

interface Props {
  readonly item: FormItem;
  readonly within: Place;
  /** The questions of one group; the caller knows how each is asked. */
  readonly children: (
    place: Place,
    asked: readonly FormItem[],
    about?: string,
  ) => ComponentChildren;
}

/** Questions that belong together. */
export function Group({ item, within, children }: Props) {
  const place = [...within, { linkId: item.linkId, nth: 0 }];
  return (
    <fieldset class="group" data-link-id={item.linkId}>
      {item.text && (
        <legend>
          <Text of={item.text} />
        </legend>
      )}
      {children(place, item.items)}
    </fieldset>
  );
}

/** The same questions about several things: one goal after another, or as many changes as there are. */
export function Groups({ item, within, children }: Props) {
  const { occasion, items, add, remove } = useAnswering();
  const adder = useRef<HTMLButtonElement>(null);
  const count = countAt(items.value, within, item.linkId);
  const name = item.text ?? sayEvaluation('group.one');
  // Where nobody can say what a group is about, nobody can add one.
  const fixed = item.items.some(({ readOnly }) => readOnly);
  const another = () => {
    add(within, item.linkId);
    const id = placeId([...within, { linkId: item.linkId, nth: count }]);
    requestAnimationFrame(() => document.getElementById(id)?.focus());
  };
  return (
    <>
      {Array.from({ length: count }, (_, nth) => {
        const place = [...within, { linkId: item.linkId, nth }];
        const id = placeId(place);
        const about = aboutOf(occasion, items.value, item, place);
        return (
          <fieldset key={nth} class="group" id={id} tabIndex={-1} data-link-id={item.linkId}>
            <legend id={`${id}-om`} class={about?.own ? 'own-words' : undefined}>
              <Text of={about?.text ?? sayEvaluation('group.nth', { navn: name, n: nth + 1 })} />
            </legend>
            {children(
              place,
              item.items.filter(each => each !== about?.asked),
              `${id}-om`,
            )}
            {!about && (
              <button
                type="button"
                class="more"
                onClick={() => {
                  remove(place);
                  adder.current?.focus();
                }}
              >
                {sayEvaluation('group.remove', { navn: name, n: nth + 1 })}
              </button>
            )}
          </fieldset>
        );
      })}
      {!fixed && (
        <button
          ref={adder}
          type="button"
          class="ds-button"
          data-variant="secondary"
          onClick={another}
        >
          {sayEvaluation('group.add', { navn: name.toLowerCase() })}
        </button>
      )}
    </>
  );
}

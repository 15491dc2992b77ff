import { Sign } from './icons.tsx';
import { usePainted } from './painted.ts';
import { openTab } from './route.ts';
import { Text } from './Text.tsx';
import { t } from './words/words.ts';

/** Worst first, never empty. What it says is decided in the room that knows medicine. */
export interface SafetyView {
  readonly look: 'danger' | 'known' | 'unknown' | 'withheld' | 'failed' | 'loading';
  readonly icon: string;
  readonly parts: readonly string[];
}

/** Where the safety line leads. */
export const CRITICAL_HEADING = 'kritisk-informasjon';

export function SafetyLine({ view }: { readonly view: SafetyView }) {
  usePainted('critical', view.look !== 'loading');
  return (
    <a
      class="safety"
      href="#/legemidler"
      data-look={view.look}
      onClick={event => {
        event.preventDefault();
        openTab('legemidler', CRITICAL_HEADING);
      }}
    >
      <span class="ds-sr-only">{t('safety.label')}. </span>
      <Sign of={view.icon} />
      <span elementtiming="critical">
        {view.parts.map((part, index) => (
          <span key={part} class="safety-part">
            {index > 0 && ' · '}
            <Text of={part} />
          </span>
        ))}
      </span>
    </a>
  );
}

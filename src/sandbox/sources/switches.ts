import { SOURCE_KEYS, type SourceKey } from './paths.ts';

/**
 * `off` = 503 to everybody. `silent` (pmd only) = HTTP 200 that says for Turid that the measurements do
 * not come: the demo's scene S17.
 */
export type SwitchState = 'on' | 'off' | 'silent';

export interface Switches {
  readonly state: (key: SourceKey) => SwitchState;
  readonly list: () => Readonly<Record<SourceKey, SwitchState>>;
  /** Sets the sources named, leaves the others; a sentence when the wish is not understood, and then nothing is set. */
  readonly set: (wish: unknown) => string | undefined;
  /** As the demo starts. */
  readonly reset: () => void;
}

const START: Readonly<Record<SourceKey, SwitchState>> = {
  kj: 'on',
  sfm: 'on',
  pjd: 'on',
  nilar: 'on',
  pmd: 'silent',
  planer: 'on',
};

/** Which sources answer. Tests and the EHR page set it with `POST /ehr/sources`, through the sandbox's own `fetch`. */
export function createSwitches(): Switches {
  let states = START;
  return {
    state: key => states[key],
    list: () => states,
    set(wish) {
      if (typeof wish !== 'object' || wish === null || Array.isArray(wish))
        return 'The body must be an object such as {"kj":"off"}.';
      const wanted = { ...states };
      for (const [name, state] of Object.entries(wish)) {
        const key = SOURCE_KEYS.find(one => one === name);
        if (!key) return `${name} is not a source. The sources are ${SOURCE_KEYS.join(', ')}.`;
        const known = choicesOf(key).find(one => one === state);
        if (!known) return `${name} can be ${choicesOf(key).join(' or ')}.`;
        wanted[key] = known;
      }
      states = wanted;
      return undefined;
    },
    reset() {
      states = START;
    },
  };
}

export function choicesOf(key: SourceKey): readonly SwitchState[] {
  return key === 'pmd' ? ['on', 'off', 'silent'] : ['on', 'off'];
}

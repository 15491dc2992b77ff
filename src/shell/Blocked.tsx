import { Sign } from './icons.tsx';
import { t } from './words/words.ts';

/** The only screen about this patient for somebody the patient has blocked: not even whether anything exists (S22b). */
export function Blocked() {
  return (
    <main class="screen" data-look="withheld">
      <h1>
        <Sign of="lock" /> {t('access.blocked')}
      </h1>
      <p>{t('access.blocked.what')}</p>
      <p>{t('access.blocked.help')}</p>
      <p>{t('access.blocked.now')}</p>
    </main>
  );
}

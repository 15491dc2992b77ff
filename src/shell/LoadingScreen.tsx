import { Skeleton } from './Skeleton.tsx';
import { t } from './words/words.ts';

/**
 * The places where things will stand, before we know whose they are. `launch.html` has the same written out, so that it
 * is seen before anything has run.
 */
export function LoadingScreen() {
  return (
    <div class="sidebar">
      <header class="top">
        <div class="banner">
          <Skeleton lines={2} says={[t('app.loading')]} />
        </div>
      </header>
      <main class="content">
        <Skeleton lines={9} says={[]} />
      </main>
    </div>
  );
}

interface Waiting {
  readonly lines: number;
  /** What is being waited for, and what is said when it takes long: each is seen in its time (states.css). */
  readonly says: readonly string[];
}

/** Grey lines where the content will stand. Nothing spins, nothing jumps. */
export function Skeleton({ lines, says }: Waiting) {
  return (
    <output class="skeleton">
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} class={says[line] ? 'says' : 'line'}>
          {says[line]}
        </span>
      ))}
    </output>
  );
}

import { judgeLength } from './password-length.ts';

const PARTS = [1, 2, 3, 4] as const;

/** How long the new password is by now, and what makes a good one. */
export function PasswordHint({ password }: { readonly password: string }) {
  const { level, word } = judgeLength(password);
  return (
    <>
      <span className={`length-bar length-${level}`} aria-hidden="true">
        {PARTS.map((part) => (
          <span key={part} className={part <= level ? 'length-on' : undefined} />
        ))}
      </span>
      <span className="num">{word}</span> A few words in a row are easy to keep in mind; signs and capitals are up to
      you.
    </>
  );
}

import { QuerySyntaxError, type Token } from './query-tokens.ts';

/** Walks the tokens of a query; every step either finds what it needs or throws QuerySyntaxError. */
export class QueryCursor {
  readonly #tokens: readonly Token[];
  readonly #length: number;
  #index = 0;
  depth = 0;

  constructor(tokens: readonly Token[], length: number) {
    this.#tokens = tokens;
    this.#length = length;
  }

  get done(): boolean {
    return this.#index >= this.#tokens.length;
  }

  get at(): number {
    return this.#tokens[this.#index]?.at ?? this.#length;
  }

  unexpected(): QuerySyntaxError {
    const token = this.#tokens[this.#index];
    return new QuerySyntaxError(token === undefined ? 'unexpected end' : `unexpected '${token.text}'`, this.at);
  }

  accept(symbol: string): boolean {
    const token = this.#tokens[this.#index];
    const found = token?.type === 'symbol' && token.text === symbol;
    if (found) this.#index += 1;
    return found;
  }

  expect(symbol: string): void {
    if (!this.accept(symbol)) throw this.unexpected();
  }

  acceptWord(word: string): boolean {
    const token = this.#tokens[this.#index];
    const found = token?.type === 'word' && token.text.toLowerCase() === word;
    if (found) this.#index += 1;
    return found;
  }

  word(): string {
    return this.#take('word').text;
  }

  number(): number {
    return Number(this.#take('word').text);
  }

  stringOrRegex(): Token {
    const token = this.#tokens[this.#index];
    if (token?.type !== 'string' && token?.type !== 'regex') throw this.unexpected();
    this.#index += 1;
    return token;
  }

  literal(): string | number {
    const token = this.#tokens[this.#index];
    if (token?.type === 'string') {
      this.#index += 1;
      return token.text;
    }
    const text = this.word();
    if (!/^[+-]?\d+(\.\d+)?$/.test(text)) throw new QuerySyntaxError(`'${text}' is not a value`, this.at);
    return Number(text);
  }

  #take(type: Token['type']): Token {
    const token = this.#tokens[this.#index];
    if (token?.type !== type) throw this.unexpected();
    this.#index += 1;
    return token;
  }
}

import { check } from "./words/check.ts";
import { guard } from "./words/guard.ts";
import { rotation } from "./words/rotation.ts";
import { rotationManagers } from "./words/rotation-managers.ts";

/** Why a permission is needed, and what it is worth to somebody who should not have it. */
export interface Words {
  readonly why: string;
  /** Goes on after "with it, a thief could". */
  readonly thief: string;
}

/** By role, and in it by the rule's title (see Grant in permissions.ts). */
export type WordsOf = Readonly<Record<string, Readonly<Record<string, Words>>>>;

export interface Chapter {
  readonly title: string;
  readonly says: string;
  /** In manifests/. */
  readonly files: readonly string[];
  readonly words: WordsOf;
}

/** In the order of the page. */
export const chapters: readonly Chapter[] = [guard, rotation, rotationManagers, check];

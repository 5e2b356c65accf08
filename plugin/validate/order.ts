import type { Manifest } from "../manifest/manifest.ts";
import { type Circumstances, type Prediction, predict, targetOf } from "./predict.ts";
import type { State } from "./state.ts";

/** More writes of the two objects than these are not tried in every order. */
const mostTried = 4;

/** Another order of the same writes in which all of them pass; undefined where there is none. */
export function betterOrder(
  manifests: readonly Manifest[],
  predictions: readonly Prediction[],
  state: State,
  circumstances: Circumstances,
): readonly Manifest[] | undefined {
  if (predictions.every(({ allowed }) => allowed)) return undefined;
  const guarded = manifests.filter((one) => targetOf(one, circumstances.namespace) !== undefined);
  const others = manifests.filter((one) => !guarded.includes(one));
  if (guarded.length < 2 || guarded.length > mostTried) return undefined;
  return orders(guarded).find((order) =>
    predict([...others, ...order], state, circumstances).every(({ allowed }) => allowed),
  );
}

function orders<T>(list: readonly T[]): T[][] {
  if (list.length <= 1) return [[...list]];
  return list.flatMap((one, i) => orders(list.toSpliced(i, 1)).map((rest) => [one, ...rest]));
}

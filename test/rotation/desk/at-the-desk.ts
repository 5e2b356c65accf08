import { after, before } from "node:test";
import { type TestWorldOptions, testWorld } from "../../plugin/world.ts";
import { authority, type Mesh, startMesh } from "../mesh.ts";

/** For the tests of one `describe`: a person with a small mesh, and files of another anchor. To be asked within tests. */
export function atTheDesk() {
  const other = authority("other");
  const files = { "other.crt": other.anchor.pem, "other.key": other.anchor.keyPem };
  let mesh: Mesh;
  let desk: ReturnType<typeof testWorld>;
  const world = (more: TestWorldOptions = {}) =>
    testWorld({ kubeconfig: mesh.cp.kubeconfig, clock: () => new Date(), files, ...more });
  before(async () => {
    mesh = await startMesh({ workloads: 2, replicas: 1 });
    desk = world();
  });
  after(() => mesh?.stop());
  return {
    get mesh() {
      return mesh;
    },
    get desk() {
      return desk;
    },
    world,
    /** The words for a new anchor in a folder. */
    create: () => ["--create", desk.path("new")],
  };
}

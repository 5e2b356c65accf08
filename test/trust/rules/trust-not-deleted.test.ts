import rule from "../../../trust/rules/trust-not-deleted.ts";
import { change, emptyMesh, facts, unseen } from "../facts.ts";
import { testRule } from "./test-rule.ts";

testRule(rule, {
  passes: {
    "both objects stay": change({}, {}),
    "the ConfigMap was not there before either": change({ bundle: undefined }, {}),
    "the Secret was not there before either": change({ issuer: undefined }, { bundle: [] }),
    "the namespace goes away and takes the ConfigMap with it": change(
      { terminating: true },
      { bundle: undefined },
    ),
    "the namespace goes away, and nobody can see what runs in the mesh": change(
      { terminating: true, mesh: unseen },
      { bundle: undefined },
    ),
    "the namespace goes away and takes the Secret with it": change(
      { terminating: true },
      { issuer: undefined },
    ),
  },
  finds: {
    "the ConfigMap goes while proxies run": [
      change({}, { bundle: undefined }),
      "ConfigMap linkerd-identity-trust-roots would be deleted while proxies depend on it",
    ],
    "the Secret goes while proxies run": [
      change({}, { issuer: undefined }),
      {
        message: "Secret linkerd-identity-issuer would be deleted while proxies depend on it",
        about: "issuer",
      },
    ],
    "the last one goes after everybody left": [
      change({ mesh: emptyMesh }, { bundle: undefined }),
      {
        message: "ConfigMap linkerd-identity-trust-roots is deleted; Linkerd does not start without it",
        severity: "warn",
      },
    ],
    "the ConfigMap goes, and nobody can see who depends on it": [
      change({ mesh: unseen }, { bundle: undefined }),
      "ConfigMap linkerd-identity-trust-roots would be deleted, and whether proxies depend on it cannot be seen",
    ],
    "the Secret goes, and nobody can see who depends on it": [
      change({ mesh: unseen }, { issuer: undefined }),
      {
        message:
          "Secret linkerd-identity-issuer would be deleted, and whether proxies depend on it cannot be seen",
        about: "issuer",
      },
    ],
    "an uninstall takes the Secret": [
      change({ mesh: [] }, { issuer: undefined }),
      {
        message: "Secret linkerd-identity-issuer is deleted; Linkerd does not start without it",
        about: "issuer",
        severity: "warn",
      },
    ],
  },
  notAsked: {
    "of a state: nothing is being deleted": facts({ bundle: undefined }),
    "where the Secret cannot be read": change({ issuer: unseen }, { bundle: undefined }),
  },
});

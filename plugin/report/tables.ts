import { distinct, sameAnchor, signersOf } from "../../trust/judgements.ts";
import { calledOwner } from "../../trust/owners/what-instead.ts";
import type { Certificate } from "../../trust/x509/index.ts";
import { counted } from "../render/counted.ts";
import type { Place as Spot, Survey } from "../survey/types.ts";
import { type Html, html, nothing } from "./html.ts";
import { answer, type Column, mark, name, prose, table, timeAndDistance } from "./pieces.ts";
import { type Place, section } from "./section.ts";

/** The anchors that count, and the bundles that proxies hold. */
export function trustSection(place: Place, survey: Survey): Html {
  const parts = [anchors(survey), holdings(survey)].filter((one) => one !== nothing);
  const about = "The anchors of the live bundle, and which of them the running proxies really hold.";
  const body = parts.length === 0 ? nothing : html`${parts}`;
  return section(place, { id: "trust", title: "Who trusts what", about }, body);
}

function anchors({ facts, holdings, at }: Survey): Html {
  const live = distinct(facts.bundle?.anchors ?? []);
  if (live.length === 0) return nothing;
  const signers = signersOf(facts.issuer);
  const all = holdings.reduce((sum, { proxies }) => sum + proxies, 0);
  const rows = live.map((anchor) => {
    const holders = holdings.filter((one) => one.anchors.some((held) => sameAnchor(held, anchor)));
    const count = holders.reduce((sum, { proxies }) => sum + proxies, 0);
    const signs = signers.some((one) => sameAnchor(one, anchor));
    return [
      name(anchor),
      timeAndDistance(anchor.notAfter, at),
      html`${signs ? "yes" : "no"}`,
      html`${facts.mesh === undefined ? "not known" : `${count} of ${counted(all, "proxy", "proxies")}`}`,
    ];
  });
  const columns: readonly Column[] = [
    { title: "Anchor", width: 35 },
    { title: "Ends" },
    { title: "Signs the issuer", width: 15 },
    { title: "Held by", width: 20 },
  ];
  return table("Anchors of the live trust bundle", columns, rows);
}

/** So many workloads are named at once; the others when they are asked for. */
const most = 8;

function holdings({ facts, holdings }: Survey): Html {
  if (facts.mesh === undefined) return nothing;
  if (holdings.length === 0) return html`<p class="calm">No injected proxy runs.</p>`;
  const rows = holdings.map(({ anchors, proxies, workloads, current }) => {
    const names = workloads.map((one) => html`<li>${one.name}${one.proxies > 1 && ` × ${one.proxies}`}</li>`);
    const rest = names.slice(most);
    return [
      answer(
        current === undefined ? "skipped" : current ? "success" : "warning",
        counted(proxies, "proxy", "proxies"),
      ),
      list(distinct(anchors)),
      current === undefined ? html`not known` : current ? html`has all` : lacking(anchors, facts),
      html`<ul class="plain">${names.slice(0, most)}</ul>${rest.length > 0 && html`<details><summary>and ${rest.length} more</summary><ul class="plain">${rest}</ul></details>`}`,
    ];
  });
  const columns: readonly Column[] = [
    { title: "Running", width: 15 },
    { title: "Anchors they hold" },
    { title: "Against the live one", width: 30 },
    { title: "Workloads", width: 25 },
  ];
  return table("Trust bundles that running proxies hold", columns, rows);
}

function lacking(held: readonly Certificate[], { bundle }: Survey["facts"]): Html {
  const lacks = distinct(bundle?.anchors ?? []).filter(
    (one) => !held.some((other) => sameAnchor(one, other)),
  );
  return html`<ul class="plain">${lacks.map((one) => html`<li>lacks ${name(one)}</li>`)}</ul>`;
}

function list(certificates: readonly Certificate[]): Html {
  if (certificates.length === 0) return html`none`;
  return html`<ul class="plain">${certificates.map((one) => html`<li>${name(one)}</li>`)}</ul>`;
}

/** Every place where anchors live. */
export function placesSection(place: Place, { places }: Survey): Html {
  const rows = places.map((one) => [
    html`${one.what}`,
    one.state === "unreadable" ? html`not known` : list(one.anchors),
    against(one),
    html`${one.owners.map(calledOwner).join(", ") || "nobody"}`,
    html`${one.readBy}`,
  ]);
  const columns: readonly Column[] = [
    { title: "Place", width: 20 },
    { title: "Anchors", width: 25 },
    { title: "Against the live one", width: 15 },
    { title: "Written again by", width: 15 },
    { title: "Read by" },
  ];
  const body = rows.length === 0 ? nothing : table("Places of the trust bundle", columns, rows);
  const about = "Every place where anchors stand, the one that counts first.";
  return section(place, { id: "places", title: "Places of the bundle", about }, body);
}

function against({ role, state, refused, lacks, adds }: Spot): Html {
  if (state === "unreadable") return answer("skipped", "cannot be read");
  if (state === "absent") return html`none there`;
  if (refused !== undefined) return html`${mark("error")}Linkerd refuses it: ${refused}`;
  if (role === "live") return html`it is the live one`;
  if (role === "source") return html`one of several sources`;
  if (lacks.length + adds.length === 0) return answer("success", "agrees");
  const differing = [
    ...lacks.map((one) => html`<li>lacks ${name(one)}</li>`),
    ...adds.map((one) => html`<li>adds ${name(one)}</li>`),
  ];
  return html`${answer("warning", "differs")}<ul class="plain">${differing}</ul>`;
}

/** By which the API server knows Linkerd's webhooks, and the guard. */
export function webhooksSection(place: Place, { webhooks, at }: Survey): Html {
  const rows = webhooks.map(({ name: called, certificate, failurePolicy, problems, seen, secret }) => [
    html`${called}`,
    certificate === undefined
      ? html`${seen ? "none" : "not seen"}`
      : html`${name(certificate)}<p class="detail">${secret}</p>`,
    certificate === undefined ? html`–` : timeAndDistance(certificate.notAfter, at),
    html`${failurePolicy === "Fail" ? "writes are refused" : "writes go on"}`,
    problems.length > 0
      ? html`${mark("error")}${prose(problems.join("; "))}`
      : answer(seen ? "success" : "skipped", seen ? "accepted" : "not known"),
  ]);
  const columns: readonly Column[] = [
    { title: "Webhook", width: 15 },
    { title: "Certificate" },
    { title: "Ends", width: 20 },
    { title: "Without it", width: 15 },
    { title: "State", width: 20 },
  ];
  const body = rows.length === 0 ? nothing : table("Certificates of the webhooks", columns, rows);
  const about = "The certificates by which the API server knows Linkerd's webhooks, and the guard.";
  return section(place, { id: "webhooks", title: "Webhooks", about }, body);
}

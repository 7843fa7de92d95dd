import { createHash } from 'node:crypto';
import {
  DEFAULT_PORT,
  findLinkCode,
  formatLocalTime,
  SIGN_IN_HINT_COOKIE,
  type MessageId,
} from '@latchkey/shared';
import { HANDED_EMAIL_KEY } from './handed-email.ts';

/** A script that stands in the page itself, because it must run before the first paint. */
type InlineScript = { source: string; hash: `sha256-${string}` };

function defineInlineScript(source: string): InlineScript {
  return { source, hash: `sha256-${createHash('sha256').update(source).digest('base64')}` };
}

const brokenLink: MessageId = 'broken-reset-link';

/**
 * For pages that the server has not completed itself (from a CDN): the hint cookie alone decides which
 * navigation is painted. Its name is that of `nameCookie`.
 */
const followSignInHint = `{const{protocol,port}=location,hint="${SIGN_IN_HINT_COOKIE}",name=protocol==="https:"?"__Host-"+hint:port==="${DEFAULT_PORT}"?hint:hint+"-"+(port||"80");document.cookie.split("; ").includes(name+"=1")&&(document.documentElement.dataset.session="in")}`;

/**
 * A time is written for the reader's clock as soon as it is read, because a line that loses its "UTC"
 * after the first paint would move what stands below it.
 */
const writeLocalTimes = `{const format=${formatLocalTime.toString().replace(/\s+/g, ' ')};new MutationObserver(()=>{for(const time of document.getElementsByTagName("time"))time.dateTime.includes("T")&&time.dataset.local===void 0&&(time.dataset.local="",time.textContent=format(time.dateTime))}).observe(document,{childList:!0,subtree:!0})}`;

/** In the head of every page. */
export const headScript = defineInlineScript(followSignInHint + writeLocalTimes);

/**
 * Behind the messages: `:target` matches only after the first paint, and the page would jump when
 * its message comes. One that was shown before is not shown again, and a members' page shows an error
 * only when the server has refused a form: see flash.ts.
 */
export const flashScript = defineInlineScript(
  '{const id=location.hash.slice(1),flash=document.getElementById(id);if(history.state?.toldMessage!==id&&!(flash?.dataset.tone==="error"&&document.documentElement.dataset.members===""))flash?.classList.add("is-chosen")}',
);

/** Names the address that was registered in this tab, where the server has not done so. */
export const sentEmailScript = defineInlineScript(
  `try{document.querySelector('[data-slot="sent-email"]').textContent||=sessionStorage.getItem("${HANDED_EMAIL_KEY}")??""}catch{}`,
);

/**
 * Behind the field of the code: a link's code goes from the address into the field, which need not be
 * seen then. It is kept in the state of this entry of the history, for a reload and for Back, where no
 * other page and nobody who looks at the screen sees it. Another link in the same tab is a new fragment.
 * A link that lost a part of its code on the way is told so, before a new password is typed.
 */
export const resetCodeScript = defineInlineScript(
  `{const findLinkCode=${findLinkCode.toString()};const take=()=>{const came=location.search+location.hash;const isLink=/\\b(token|code)\\b/i.test(came);const code=isLink||/[\\w-]{43}/.test(came)?findLinkCode(came):history.state?.resetCode;if(!code)return isLink&&location.replace(location.pathname+"#${brokenLink}");history.replaceState({resetCode:code},"",location.pathname);const field=document.getElementById("token");field.value=code;field.parentElement.hidden=true};take();addEventListener("hashchange",take)}`,
);

/**
 * Behind the field of an invitation's code: a link's code goes from the address into the field, which need
 * not be seen then. The form finds the code in the fragment as it came. It is kept in the state of this
 * entry of the history, as that of a reset is.
 */
export const invitationScript = defineInlineScript(
  `{const take=()=>{const state=history.state,code=/\\binvite\\b/i.test(location.hash)?location.hash:state?.invitation;if(!code)return;history.replaceState({...state,invitation:code},"",location.pathname+location.search);document.getElementById("invitation").value=code;document.documentElement.dataset.invited=""};take();addEventListener("hashchange",take)}`,
);

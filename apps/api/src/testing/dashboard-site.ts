import { readBuiltSite } from '../pages/built-site.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

const dashboard = `<html data-session="out" data-members><h1><span data-slot="user-name"></span></h1>
<b><span data-slot="user-email"></span></b><i><span data-slot="user-username"></span></i>
<input name="name" data-typed="name"><input name="email" data-typed="email"><input name="username" data-typed="username">
<p><!--each:pendingEmail-->waits|{{address}}<!--/each:pendingEmail--></p>
<ul><!--each:sessions--><li id="{{id}}">{{device}}|{{address}}|{{lastSeenAt}}|{{lastSeenText}}|{{createdAt}}|{{createdText}}|<!--if:current-->here<!--/if:current--><!--unless:current--><button value="{{id}}">End</button><!--/unless:current--></li><!--/each:sessions--></ul>
<ol><!--each:activities--><li>{{event}}|{{description}}|<!--if:own-->{{device}}|{{address}}|<!--/if:own-->{{at}}|{{atText}}</li><!--/each:activities--></ol>
<div><!--each:feed--><!--if:whole-->whole<!--/if:whole--><!--unless:whole-->lead-ins<!--/unless:whole--><!--if:used-->|{{madeAt}}|{{madeText}}|{{lastUsedAt}}|{{lastUsedText}}<!--/if:used--><!--if:unused-->|{{madeAt}}|{{madeText}}|unused<!--/if:unused--><!--if:cut-->|cut<!--/if:cut--><!--/each:feed--></div>
<input id="new-feed" data-typed="newFeed"><p><!--each:feedActions--><!--if:first--><button>Make an address</button><!--/if:first--><!--if:another--><button>Make a new address</button><!--/if:another--><!--if:made--><button>Turn it off</button><!--/if:made--><!--/each:feedActions--></p></html>`;

/** The same for the page of their second factors. */
const secondFactors = `<html data-session="out" data-members><p data-slot="recovery-codes"></p><section><!--each:factors--><!--if:off-->off<!--/if:off--><!--if:pending-->{{secret}}|{{link}}<!--/if:pending--><!--if:on-->on|{{left}}<!--/if:on--><!--if:keys-->keys|{{left}}<!--/if:keys--><!--/each:factors--><!--each:passkeys-->{{id}}|{{name}}|{{createdAt}}|{{createdText}}|<!--if:used-->{{lastUsedAt}}|{{lastUsedText}}<!--/if:used--><!--/each:passkeys--><select><!--each:passkeyNames--><option value="{{id}}">{{name}}</option><!--/each:passkeyNames--></select></section><!--each:otherDevices--><!--if:others-->also on {{description}}<!--/if:others--><!--unless:others-->alone<!--/unless:others--><!--/each:otherDevices--></html>`;

/** A site with little more than a dashboard, whose page has every mark that the server fills. */
export async function createDashboardSite() {
  const folder = await createTemporaryFolder({
    'index.html': '<html data-session="out"></html>',
    'login.html': '<html data-session="out"></html>',
    'dashboard.html': dashboard,
    'dashboard/second-factor.html': secondFactors,
  });
  return { ...folder, site: readBuiltSite(folder.path) };
}

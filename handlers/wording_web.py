"""What the web chat's server says by itself; the page's own words stand in bot/pages."""

from __future__ import annotations

NOT_SIGNED_IN = "登录已失效，请重新打开这个页面。"
PAGE_OUTDATED = "这个页面已经过期，请重新打开。"
FOREIGN_PAGE = "这个请求不是从本站的页面发出的，没有处理。"
TOO_FAST = "发得太快了，请稍等一会儿。"
TOO_MANY_PAGES = "打开的页面太多了，请关掉几个。"
NOT_UNDERSTOOD = "没有看懂发来的内容，请刷新页面再试。"
NOTHING_SAID = "没有内容，请写上要问的话再发。"
TOO_LONG = "这段话太长了，请分成几段发，每段不超过 4000 字。"
TOO_LARGE = "发来的内容太大了。照片不能超过 20 MB。"
NO_PHOTO = "这个文件不是能看的照片。请发 JPG、PNG 或 WebP 格式的照片。"
PHOTO_UNKNOWN = "没有找到这张照片，请重新选一张。"
MEMBERS_ONLY = "没有登录的只能查政策。要发照片和位置，请先用管理员发的登录链接登录。"
NO_SUCH_FILE = "没有这个文件，或者已经过期删除。"
NO_SUCH_PAGE = "没有这个页面。"
METRICS_CLOSED = "运行指标只能在本机查看，或者带上 web.metrics_token 设置的令牌。"
BUSY = "现在忙不过来，请稍后再试。"

SIGN_IN_TITLE = "登录"
SIGN_IN = "点下面的按钮，就在这部手机上登录。链接只能用一次，请不要转给别人。"
SIGN_IN_BUTTON = "登录并开始"
CODE_REFUSED_TITLE = "链接不能用了"
CODE_REFUSED = "这个登录链接已经用过，或者过期了。请向管理员再要一个。"
INVITED_ONLY_TITLE = "请用登录链接打开"
INVITED_ONLY = "这里只对受邀请的人开放。请向管理员要一个登录链接，在这部手机上点开。"
TROUBLE_TITLE = "出了点问题"
TO_CHAT = "去对话页面"


def wrong_host(host: str) -> str:
    return f"不能用 {host} 这个地址访问。请管理员在 config.toml 的 web.public_url 里写上大家使用的地址。"


def sorry(reference: str) -> str:
    return f"对不起，服务器出了点问题。请再试一次；还不行，就把编号 {reference} 告诉管理员。"

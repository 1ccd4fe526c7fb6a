"""Passwords that are tried first, as single words in small letters.

Put together for this house: words of computers and offices, habits of the keyboard, common Chinese
phrases, names and number plays in pinyin, and common English words. Digits and signs around a word
are taken off before it is looked up (see :func:`tracker.domain.passwords.is_common`), so each word
stands here once.
"""

from __future__ import annotations

_COMPUTERS = """
    admin administrator adm root superuser supervisor system sysadmin sysdba operator oper manager guest
    user users username login logon default test tester testing temp temporary demo sample public
    private secret secure security password passwd passwort passphrase password1 pass pwd word changeme
    changeit change letmein welcome hello master access enter open start server service support backup
    database data oracle mysql postgres postgresql sqlserver mongodb redis tomcat jboss weblogic
    websphere nginx apache docker jenkins gitlab github ubuntu debian centos redhat kylin linux windows
    microsoft apple google android iphone xiaomi huawei honor cisco juniper lenovo dell inspur sangfor
    hikvision dahua tplink netgear computer internet network office excel wps outlook mail email website
    wifi router camera monitor pc nimda toor pa55word passw0rd p4ssw0rd adminpass adminadmin rootroot
    testtest userpass mypassword mypass newpassword newpass nopassword nopass initial firsttime qwe123
    admin123 root123 test123 user123 pass123 system123 abc123 manager123 sysadmin123 webadmin netadmin
    sa dba ftp www ssh vpn
"""

_KEYBOARD = """
    qwerty qwertyu qwertyui qwertyuio qwertyuiop qwert qwer qwe qwerasdf qwerasdfzxcv qwertyasdfgh asd
    asdf asdfg asdfgh asdfghj asdfghjk asdfghjkl asdfjkl asdasd asdzxc asdfzxcv zxc zxcv zxcvb zxcvbn
    zxcvbnm zxcasdqwe qweasd qweasdzxc qazwsx qazwsxedc qazxsw qazxswedc wsxedc edcrfv rfvtgb tgbyhn
    qwaszx aqwsde 1qaz 2wsx 1qaz2wsx 1qaz2wsx3edc 1qaz2wsx3edc4rfv 2wsx3edc 3edc4rfv 4rfv5tgb zaq12wsx
    zaq1xsw2 1qazxsw2 1qaz1qaz 1qazxcvbnm qaz123 q1w2e3 q1w2e3r4 q1w2e3r4t5 1q2w3e 1q2w3e4r 1q2w3e4r5t
    1q2w3e4r5t6y 1qw23er4 q2w3e4r5 a1s2d3f4 1a2s3d4f z1x2c3v4 poiuytrewq lkjhgfdsa mnbvcxz poiuyt lkjhgf
    mnbvcx plokij okmijn abc abcd abcde abcdef abcdefg abcdefgh abcdefghi abcdefghij abcdefghijk abc321
    aabbcc aabb abcabc xyz zyx cba dcba fedcba a1b2c3 a1b2c3d4 a1b2c3d4e5 1a2b3c 1a2b3c4d 1a2b3c4d5e
    aa11 aa1122 aaa bbb xxx zzz aaaa1111 a1a1a1 aa12 ab12 asd123 zxc123 qwe123qwe
"""

_NUMBERS = """
    0123 01234 012345 0123456 01234567 012345678 0123456789 123 1234 12345 123456 1234567 12345678
    123456789 1234567890 12345678910 1234567891 1234567891011 987654321 0987654321 9876543210 87654321
    7654321 654321 54321 4321 321 123321 1234321 12344321 123454321 1234554321 123456654321 123123
    123123123 1212 121212 112233 11223344 1122334455 112211 111222 111222333 123654 123654789 147258
    147258369 1472583690 159357 159753 258369 258456 321321 369258147 456123 456789 741852 741852963
    789456 789456123 7894561230 963852741 100200 110110 119119 120120 131452 1314520 13145200 1314521
    5201314 520520 5211314 520131 201314 1314 520 521521 5201314520 584520 584131421 7758258 7758521
    1413914 3344520 9420 88888888 666888 168168 16888 888666 518518 518888 5180 8008208820 10086 10010
    10000 12306 12315 12345679 010203 01020304 102030 19491001 1949 20080808 20202020 20222022 20232023
    20242024 20252025 20262026 007007 147852 147896325 14789632 135790 13579 1357924680 2468 24680
    246810 0246813579 1593572486 80808080 69696969
"""

_PINYIN = """
    woaini woaini1314 woaini520 woaini5201314 aini woaiwo woaizhongguo woaiwojia woaimama woaibaba
    woaibeijing woxihuanni woxiangni woshishui woshiwo woshini woshinide wode wodemima mima mima123
    mimamima meiyoumima wangjimima zhanghao denglu guanliyuan guanli yonghu ceshi moren chushi
    chushimima kaimen zhimakaimen nihao nihaoma nihaonihao dajiahao zaijian xiexie baobao baobei qinai
    qinaide laopo laogong laopolaogong xiaobao xiaobaobei xingfu kuaile xinnianhao gongxifacai facai
    caishen pingan jiankang shunli jixiang ruyi yiqieshunli zhongguo zhonghua beijing shanghai guangzhou
    shenzhen tianjin chongqing wuhan nanjing chengdu xian qingdao jinan hangzhou suzhou ningbo zhengzhou
    changsha shenyang dalian haerbin hefei fuzhou xiamen shandong jiangsu zhejiang guangdong henan hebei
    sichuan hubei hunan anhui fujian jiangxi liaoning zhengfu dangzheng dangjian dangwei bangongshi
    bangong jiedao jiedaoban shequ juweihui cunwei xiangzhen zhenzhengfu wenming wenmingcheng chuangjian
    chuangcheng chuangjianban licun licunzhen gongan jiaoyu weisheng caizheng minzheng jiwei zuzhibu
    xuanchuanbu shenji shuju tongji taizhang zhibiao tianbao shenhe baidu taobao tencent tengxun weixin
    wechat alipay zhifubao dingding qq qqqq weibo douyin
"""

_NAMES = """
    zhangwei wangwei wangfang liwei lina zhangmin lijing wangjing liuwei zhangli wangli zhanglei liuyang
    wanglei wangyan liyan zhangyan wangqiang liqiang zhangqiang wangyong zhangyong liyong wangjun
    zhangjun lijun chenwei chenjing liujing zhangjing liming xiaoming wangming zhangming zhangsan lisi
    wangwu zhaoliu wangbo libo zhangbo liuqiang yangyang yangfan lili tingting jingjing lele nannan
    dandan fangfang weiwei mingming chen zhang wang liu yang zhao huang zhou
"""

_ENGLISH = """
    iloveyou iloveu ilove loveyou lovely love loveme mylove lover sunshine princess prince dragon monkey
    football baseball basketball soccer hockey superman batman spiderman pokemon starwars naruto trustno
    shadow michael michelle jordan jordan23 jennifer jessica ashley nicole daniel andrew matthew joshua
    thomas george charlie robert william anthony hunter killer ranger buster tigger ginger pepper cookie
    cheese chocolate banana orange apple123 summer winter spring autumn monday tuesday friday sunday
    january flower freedom forever friend friends family mother father baby angel angels happy lucky
    magic money whatever hello123 helloworld world china chinese english student teacher school college
    company boss newyear welcome123 qwerty123 letmein123 computer1 internet1 silver golden diamond
    purple yellow tiger eagle falcon phoenix warrior samsung nokia ferrari porsche mercedes toyota
    matrix ninja pirate jesus blessed god godblessyou liverpool chelsea arsenal barcelona realmadrid
    manchester yankees lakers kobe kobe24 kobe8 jackson
"""

COMMON_PASSWORDS = frozenset(" ".join((_COMPUTERS, _KEYBOARD, _NUMBERS, _PINYIN, _NAMES, _ENGLISH)).split())
"""All of them."""

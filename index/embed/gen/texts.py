"""The texts that reference.py works on: PROSE for vectors, NASTY for token ids alone."""

PARAGRAPH = (
    "A cold start is the time Lambda takes to create an execution environment and run the init code "
    "outside the handler. Provisioned concurrency keeps a number of environments initialised, for a "
    "price by the hour; reserved concurrency only caps and guarantees a share of the account's limit. "
)

PROSE = [
    "",
    " \t\n ",
    ".",
    "a",
    "What is a Lambda cold start, and how do you keep it from hurting users?",
    "first request after a quiet spell takes seconds",
    "lambda slow to start",
    "lamda cold strat ohw to aviod",
    "How do I avoid Lambda cold starts",
    "S3 bucket policy versus ACL",
    "Which storage class is cheapest for archives that must be back within twelve hours?",
    "403 AccessDenied on PutObject with SSE-KMS",
    "gp3 vs gp2 vs io2 IOPS per GiB",
    "OOMKilled exit code 137",
    "VPC CIDR 10.0.0.0/16, three AZs, one NAT gateway each",
    "IAM role trust policy sts:AssumeRole ExternalId confused deputy",
    "arn:aws:iam::123456789012:role/viva-reader",
    "aws s3 sync ./site s3://example-bucket --delete --acl public-read",
    "RTO 15 min, RPO 1 min: pilot light or warm standby?",
    "ALB → target group → ECS service (Fargate), 5xx > 1 %",
    "DynamoDB hot partition, adaptive capacity, write sharding",
    "the quick brown fox jumps over the lazy dog",
    "I don't know.",
    "provisioned = stays warm, reserved = a cap",
    "Set provisioned concurrency.",
    "set reserved concurrency so it is always warm",
    "for i := range n { sum += x[i] * y[i] } // inner product",
    "SELECT count(*) FROM turns WHERE score IS NULL AND started > '2026-01-01';",
    '{"Effect": "Deny", "Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}',
    "def f(x):\n    return x ** 2  # squared\n",
    "3.14159 2,718 1e-12 0xFF 42% -7 1/3",
    "1234567890 0987654321",
    "Naïve café façade, Ångström, coöperate, São Paulo",
    "Zażółć gęślą jaźń",
    "Wie vermeide ich Kaltstarts bei Lambda?",
    "¿Cómo evito los arranques en frío?",
    "Как избежать холодного старта?",
    "λάμδα και ψυχρή εκκίνηση",
    "如何避免冷启动",
    "コールドスタートを避けるには",
    "콜드 스타트를 피하는 방법",
    "كيف أتجنب البدء البارد",
    "ठंडी शुरुआत से कैसे बचें",
    "🚀🔥 ship it 👩🏽‍💻 now",
    "THE ANSWER IS NO!!! really??? yes...",
    "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis",
    "x" * 101 + " and " + "y" * 100,
    PARAGRAPH,
    PARAGRAPH * 4,
    PARAGRAPH * 9,
]

NASTY = [
    # nothing, and next to nothing
    "", " ", "\n", "\t \r\n", "\u00a0", "\u3000", "\u200b", "\ufeff", "\x00", "\ufffd", "\u0301", "\u2028\u2029",
    # white space and controls within words
    "a\tb\rc\nd", "a\x00b", "a\x07b\x1bc", "a\x7fb", "a\x85b", "a\x0bb\x0cc", "a\u00a0b\u2003c\u202fd",
    "zero\u200bwidth\u200cspaces\u200djoined\u2060here", "soft\u00adhyphen", "\u202eright to left\u202c",
    "a\u2028b\u2029c", "\ufeffbyte order mark", "private \ue000\uf8ff use", "unassigned \u0378\u0379",
    "\ufffdreplaced\ufffd", "tag \U000e0041\U000e0042", "non\uffff character \ufdd0",
    # accents, composed and not
    "café", "cafe\u0301", "e\u0301\u0302\u0303\u0304x", "\u0301\u0302 alone", "Ångström \u212b \u00c5 A\u030a",
    "ÀÉÎÕÜ àéîõü", "ñ Ñ ç Ç ß ẞ", "İstanbul ı I i\u0307", "Straße STRASSE", "ŁÓDŹ łódź Øre ø Đ đ",
    "Việt Nam tiếng Việt", "a" + "\u0301" * 40 + "b", "o\u0308\u0304 ö\u0304", "ſtaff ﬁne ﬂow Ⅷ ① ² ½",
    # lower case
    "ALL CAPS", "CamelCaseWord", "ΣΊΣΥΦΟΣ σίσυφος", "ПРИВЕТ Привет", "ǅ ǈ ǋ", "Ａｂｃ１２３", "𝐀𝐛𝐜 𝔘𝔫𝔦",
    # punctuation
    "don't", "e.g., i.e.; etc.", "a-b_c/d\\e", "!@#$%^&*()", "~`|<>{}[]", "$100 + 5€ = £?", "…—–‘’“”«»",
    "snake_case and kebab-case", "https://example.com/a?b=c&d=e#f", "user@example.com", "C++ C# F# .NET",
    "1,000.50 -3.14 +7", "¿qué? ¡sí!", "、。「」・ー", "؟،؛", "।॥", "#hashtag ##ing ###", "'''\"\"\"", "a\u2019s",
    # special tokens, and what only looks like them
    "[CLS]", "[SEP] in [MASK] the [UNK] text [PAD]", "[cls] [Sep]", "[CLS", "CLS]", "[[SEP]]", "a[SEP]b", "[MASK][MASK]",
    "[UNUSED1] [unused1]", "caf[SEP]\u0301",
    # other scripts
    "日本語テキスト", "漢字kanji漢字", "ひらがなカタカナ", "한국어 텍스트", "中文，标点。", "𠀀𠮷𪚥", "㐀㿿 豈\ufa0e",
    "العربية مَرْحَبًا", "עִבְרִית שלום", "हिन्दी नमस्ते", "ภาษาไทย", "தமிழ்", "ქართული", "Ελληνικά ά ΐ",
    "ᏣᎳᎩ ꭰ", "ⴰⵣⵓⵍ", "〈〉 \u2329\u232a", "ﷺ ﻻ",
    # emoji
    "😀", "👍🏽👍", "👩‍👩‍👧‍👦 family", "🇩🇪🇫🇷", "1️⃣ keycap", "❤️ ❤", "a😀b",
    # length
    "a" * 99, "a" * 100, "a" * 101, "\u00e9" * 100, "é" * 101, "e\u0301" * 100, "漢" * 120, "." * 300, "word " * 253,
    "word " * 254, "word " * 255, "word " * 3000, "supercalifragilisticexpialidocious", "b" * 5000,
    # words
    "unaffable embeddings tokenization", "lambda cold start", "OOMKilled 403 gp3 t4g.micro", "kubectl get pods -n kube-system",
    "ｋubernetes", "qwertyuiop zxcvbnm", "1234567890123456789012345678901234567890", "0x1F600 1e-12 192.168.0.1/24",
]

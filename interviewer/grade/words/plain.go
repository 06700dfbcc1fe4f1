package words

import (
	"regexp"
	"strings"
)

// signs are written where a speaker would say a word.
var signs = strings.NewReplacer(
	"=>", " means ", "->", " then ", "→", " then ", "⇒", " means ", "==", " is ", "!=", " is not ", "≠", " is not ", "=", " is ",
	"&", " and ", "w/o ", "without ", "w/ ", "with ", "b/c ", "because ", "+", " plus ", "≤", " at most ", "≥", " at least ", "~", " about ",
)

// short lists what people write short and an encoder does not know.
var short = func() map[string]string {
	long := map[string]string{}
	for _, pair := range strings.Fields(`u:you ur:your r:are cuz:because coz:because bc:because gonna:going_to wanna:want_to gotta:have_to
		kinda:kind_of dunno:do_not_know thx:thanks pls:please thru:through tho:though diff:different btw:by_the_way imo:in_my_opinion
		env:environment envs:environments config:configuration configs:configurations msg:message msgs:messages db:database dbs:databases
		req:request reqs:requests perm:permission perms:permissions cred:credential creds:credentials acct:account accts:accounts
		sec:seconds secs:seconds min:minutes mins:minutes hr:hour hrs:hours yr:year yrs:years repl:replication prod:production
		auth:authentication app:application apps:applications repo:repository infra:infrastructure conn:connection conns:connections
		sg:security_group sgs:security_groups nacl:network_acl nacls:network_acls az:availability_zone azs:availability_zones
		asg:auto_scaling_group asgs:auto_scaling_groups lb:load_balancer lbs:load_balancers cfn:cloudformation ddb:dynamodb
		apigw:api_gateway r53:route_53 cw:cloudwatch k8s:kubernetes tg:target_group igw:internet_gateway natgw:nat_gateway
		tls:tls mgmt:management max:maximum vs:versus approx:about info:information svc:service svcs:services num:number`) {
		from, to, _ := strings.Cut(pair, ":")
		long[from] = strings.ReplaceAll(to, "_", " ")
	}
	return long
}()

// misheard are names as speech recognition writes them.
var misheard = []struct {
	heard *regexp.Regexp
	name  string
}{
	{regexp.MustCompile(`(?i)\bs (three|3)\b`), "S3"},
	{regexp.MustCompile(`(?i)\b(?:e ?c|easy) (?:two|2|to)\b`), "EC2"},
	{regexp.MustCompile(`(?i)\bi am (roles?|polic(?:y|ies)|users?|permissions?|identity)\b`), "IAM $1"},
	{regexp.MustCompile(`(?i)\b(cube|kube|cub) ?(cuttle|cuddle|control|ctl)\b`), "kubectl"},
	{regexp.MustCompile(`(?i)\bdynamo ?(d ?b|db)\b`), "DynamoDB"},
	{regexp.MustCompile(`(?i)\broute (fifty three|53)\b`), "Route 53"},
	{regexp.MustCompile(`(?i)\bcloud (formation|watch|trail|front)\b`), "Cloud$1"},
}

var (
	spelled  = regexp.MustCompile(`\b[A-Za-z](?: [A-Za-z]){1,4}\b`)
	wordOnly = regexp.MustCompile(`[\pL\d]+`)
)

// Plain writes a text out as it would be said: signs as words, short forms in
// full, names that speech recognition misheard or spelt letter by letter as names. A
// short form that known holds stays.
func Plain(text string, known map[string]int) string {
	for _, m := range misheard {
		text = m.heard.ReplaceAllString(text, m.name)
	}
	text = spelled.ReplaceAllStringFunc(text, func(letters string) string {
		name := strings.ReplaceAll(letters, " ", "")
		if known[strings.ToLower(name)] > 0 {
			return name
		}
		return letters
	})
	text = wordOnly.ReplaceAllStringFunc(signs.Replace(text), func(w string) string {
		lower := strings.ToLower(w)
		if long := short[lower]; long != "" && known[lower] == 0 {
			return long
		}
		return w
	})
	return strings.Join(strings.Fields(text), " ")
}

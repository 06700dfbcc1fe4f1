package content

import (
	"regexp"
	"strings"
)

// names holds the names of AWS, and of what is run on it, as they are spelt.
// Only names that cannot be ordinary words are among them.
const names = `
API Gateway|IAM Access Analyzer|App Runner|AppSpec|Auto Scaling group|CloudFormation|CloudFront|CloudHSM|CloudTrail|CloudWatch|
CodeBuild|CodeCommit|CodeDeploy|CodePipeline|DataSync|Direct Connect|DynamoDB|ElastiCache|Elastic Beanstalk|EventBridge|
Fargate|Firecracker|GitHub|Global Accelerator|Graviton|GuardDuty|IAM Identity Center|Karpenter|Kinesis|Kubernetes|
Lambda@Edge|Lightsail|MariaDB|MySQL|OpenSearch|Parameter Store|PostgreSQL|PrivateLink|Redshift|Route 53|SageMaker|
Secrets Manager|Security Hub|SnapStart|Step Functions|Systems Manager|Terraform|X-Ray|
ACL|ALB|AMI|ARN|AWS|CIDR|CLB|CSV|DNS|EBS|EC2|ECR|ECS|EFS|EKS|ENI|HTTP|HTTPS|IAM|JSON|KMS|NACL|NAT|NFS|NLB|NVMe|OIDC|
RDS|S3|SCP|SDK|SNS|SQL|SQS|SSH|SSM|STS|TCP|TLS|UDP|URL|VPC|VPN|YAML`

// longestName is how many words the longest name has.
const longestName = 3

// spellings maps a name without case, blanks and hyphens to the name.
func spellings() map[string]string {
	m := map[string]string{}
	for _, n := range strings.Split(strings.ReplaceAll(names, "\n", ""), "|") {
		m[bare(n)] = n
	}
	return m
}

func bare(s string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "", "\n", "").Replace(s))
}

// nameWord is a word as names have it. One that goes on with a colon, dot, slash
// or underscore is part of an address or a command and not looked at.
var (
	nameWord = regexp.MustCompile(`[A-Za-z0-9@]+(-[A-Za-z0-9@]+)*`)
	codeSpan = regexp.MustCompile("(?s)```.*?```|`[^`]*`")
)

// spelling checks what is shown; wordings are how people talk and may be sloppy.
func (l *linter) spelling(q *Question) {
	if l.spelt == nil {
		l.spelt = spellings()
	}
	check := func(p Pos, text string) {
		for _, m := range misspelt(text, l.spelt) {
			l.find(RuleSpelling, p, m.written, "%q is spelt %q", m.written, m.right)
		}
	}
	check(q.Pos, q.Text)
	check(q.Pos, q.Answer)
	for _, p := range q.Points {
		check(p.Pos, p.Text)
	}
	for _, m := range q.Mistakes {
		check(m.Pos, m.Claim)
		check(m.Pos, m.Fix)
	}
	for _, f := range q.FollowUps {
		check(f.Pos, f.Ask)
	}
}

type misspelling struct{ written, right string }

// misspelt finds names in another form, such as Cloudwatch or Step functions.
func misspelt(text string, spelt map[string]string) []misspelling {
	text = codeSpan.ReplaceAllString(text, " ; ")
	var found []misspelling
	at := nameWord.FindAllStringIndex(text, -1)
	for i := range at {
		for n := min(longestName, len(at)-i); n >= 1; n-- {
			from, to := at[i][0], at[i+n-1][1]
			written := text[from:to]
			right, known := spelt[bare(written)]
			if n > 1 && right == strings.ToUpper(right) { // "I am" is no IAM
				continue
			}
			if !known || !apart(text, from, to) || !oneBlankBetween(text, at[i:i+n]) {
				continue
			}
			if strings.Join(strings.Fields(written), " ") != right {
				found = append(found, misspelling{written, right})
			}
			break
		}
	}
	return found
}

// apart reports whether text[from:to] stands alone rather than in an address,
// a command or an identifier.
func apart(text string, from, to int) bool {
	if from > 0 && strings.ContainsRune(":./_$=\\", rune(text[from-1])) {
		return false
	}
	if to == len(text) {
		return true
	}
	if strings.ContainsRune("_/=", rune(text[to])) {
		return false
	}
	glued := to+1 < len(text) && strings.ContainsRune(":.", rune(text[to])) && text[to+1] != ' ' && text[to+1] != '\n'
	return !glued
}

func oneBlankBetween(text string, at [][]int) bool {
	for i := 1; i < len(at); i++ {
		if strings.TrimSpace(text[at[i-1][1]:at[i][0]]) != "" {
			return false
		}
	}
	return true
}

// The kinds of act (chapter 04, "Kinds"): number, name, and the body's fields as
// name:type with the bound behind the type. a address, f flag, h hash, k keys,
// n number, r resource, t text, b bytes.
export const table = `
1 OpenAccount name:t128 jurisdiction:t2 titleKeys:k titleThreshold:n16 routingKeys:k routingThreshold:n16 delay:n7776000 work:h nonce:n
2 SetPolicy titleKeys:k titleThreshold:n16 routingKeys:k routingThreshold:n16
3 SetDelay delay:n7776000
4 SetGuardians guardians:t1024 threshold:n8
5 Rename name:t128 jurisdiction:t2
6 RecoveryStart subject:a titleKeys:k titleThreshold:n16 routingKeys:k routingThreshold:n16
7 RecoveryVeto recovery:h
8 RecoveryFinish subject:a recovery:h
9 KeyRevoke key:k
10 TransferOffer resource:r to:a keepOrigins:f value:h earliest:n until:n agent:a lock:h settle:n
11 TransferAccept offer:h resource:r value:h
12 OfferCancel offer:h
13 Split resource:r part:r
14 Merge resource:r
15 TransferRelease offer:h resource:r secret:h
16 Surrender resource:r value:h
17 List resource:r purpose:n2 minTerm:n3162240000 price:t64 until:n
18 NoticeWithdraw resource:r grant:h value:h earliest:n until:n
19 SetProvider provider:a
20 GrantOffer resource:r to:a notice:n316224000 subGrants:f origins:t1024 value:h earliest:n until:n
21 GrantAccept offer:h resource:r value:h
22 GrantNotice resource:r grant:h
23 GrantGiveUp resource:r grant:h
24 LeaseOffer resource:r to:a start:n end:n renew:n31622400 notice:n316224000 clause:n2 clauseNotice:n316224000 agent:a suspend:f subLet:f reversion:f operator:t128 abuse:t128 price:t64 origins:t1024 value:h earliest:n until:n
25 LeaseAccept offer:h resource:r value:h
26 LeaseRenew resource:r lease:h end:n value:h earliest:n until:n
27 LeaseNotice resource:r lease:h
28 LeaseEnd resource:r lease:h value:h earliest:n until:n
29 LeaseAssign resource:r lease:h to:a keepOrigins:f operator:t128 abuse:t128 value:h earliest:n until:n
30 LeaseConsent offer:h resource:r value:h
31 LeaseSuspend resource:r lease:h until:n
32 LeaseAnswer resource:r lease:h digest:h
33 ChargePropose resource:r to:a byLender:f mode:n2 law:t64 deed:h longest:n3162240000 value:h earliest:n until:n
34 ChargeAccept offer:h resource:r value:h
35 ChargeConsent offer:h resource:r charge:h release:f value:h
36 ChargeRelease resource:r charge:h
37 ChargeEnforce resource:r charge:h to:a
38 ChargeContest resource:r charge:h
39 ChargeRedeem resource:r charge:h value:h earliest:n until:n
40 OriginAuthorise resource:r maxLength:n128 origin:n4294967295
41 OriginWithdraw resource:r maxLength:n128 origin:n4294967295
42 ProvidersAuthorise resource:r providers:t1024
43 ReverseSet resource:r servers:t1024 ds:t1024
44 GeofeedSet resource:r url:t128
45 ContactsSet resource:r abuse:t128 private:h
46 ContactsErase resource:r private:h
48 Evidence evidence:b65536
49 RecoveryProve subject:a recovery:h resource:r evidence:h expiry:n
50 Claim resource:r grade:n67 evidence:h expiry:n
51 ClaimObject claim:h resource:r evidence:h expiry:n reason:h
52 ClaimAttest claim:h notice:h noticed:n
53 AttestRefuse claim:h reason:h
54 ClaimWithdraw claim:h
55 ProveAgain resource:r evidence:h expiry:n
56 ClaimAnswer claim:h digest:h
57 Succession resource:r subject:a documents:h
58 SuccessionVeto succession:h
59 NameAttest subject:a name:t128 jurisdiction:t2 documents:h
60 SourceStatement registry:t16 behind:h lines:t2400
61 SourceAttest registry:t16 date:n21991231 file:h root:h pages:n65536
70 Caution resource:r ground:n4 digest:h
71 CautionAnswer case:h resource:r digest:h
72 CaseDecide case:h verdict:n4 reasons:h
73 CaseAppeal case:h resource:r digest:h
74 OrderRecord resource:r court:t128 jurisdiction:t2 reference:t64 digest:h final:f to:a caution:h
75 OrderStatus order:h status:n5 findings:n15 reasons:h
76 Restrict matter:h resource:r
77 Lift matter:h resource:r
78 OrderConfirm matter:h digest:h
79 ForumSet resource:r forum:t64 value:h
80 Propose matter:n17 as:h key:h subject:a name:t128 organisation:t128 jurisdiction:t2 hosting:t128 block:t64 material:b512 value:n height:n reason:h
81 Vote proposal:h as:h yes:f
82 Petition proposal:h resource:r
`;

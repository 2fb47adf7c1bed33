package identity

// legalForms are the legal forms of companies, a line each: the usual
// abbreviation, then the ways to write it, folded, without dots and "and". They
// are cleanco's (MIT), which TestLegalFormsCover holds them to, and others in
// common use. Words that names end in rather than forms (Group, Holding, Bank,
// Partners) are not among them.
const legalForms = `
Ltd|ltd|limited|co ltd|co limited|company limited|company ltd|corp ltd|private limited|pvt ltd|private ltd|pvt limited|pty ltd|pty limited|pte ltd|pte limited|pte|pty|ultd|unltd|unlimited|sm pte ltd|plc ltd|psu|pse|gte
LLC|llc|limited liability company|limited liability co|pllc|lc|l3c|ltd liability co
LLP|llp|lllp|limited liability partnership
LP|lp|limited partnership
Inc|inc|incorporated|incorporation|co inc
Corp|corp|corporation|pc|peec
Coop|coop|cooperative|cooperativa|genossenschaft|koop|kooperatif
Co|co|company|companies|cie|compagnie|cia|compania|companhia
PLC|plc|public limited company|cic|cpt|teo|teoranta
GmbH|gmbh|ggmbh|gesmbh|mbh|gesellschaft mit beschrankter haftung|gmbh co|gmbh co kg|gmbh co kgaa|gmbh co ohg|mbh co kg|ug co kg|ag co kg|ag co kgaa|se co kg|se co kgaa
UG|ug|ug haftungsbeschrankt|unternehmergesellschaft|haftungsbeschrankt
AG|ag|aktiengesellschaft
KG|kg|kgaa|kommanditgesellschaft|co kg|co kgaa
OHG|ohg|og|gbr|gesbr|partg|partg mbb|partgmbb
eK|ek|e kfm|e kfr|eingetragener kaufmann|eu
eV|ev|eg|egen|stiftung co kg
SE|se|societas europaea|scesl|sce
SA|sa|sau|sociedad anonima|societe anonyme|societa per azioni|spa|saa|sab|sab de cv|sa de cv|sapi|sapi de cv|sapi de cv sofom|sociedade anonima|s a de c v
SL|sl|slu|sll|slne|sociedad limitada|sociedad de responsabilidad limitada|s de rl|s de rl de cv|sociedad limitada unipersonal
SRL|srl|srls|sarl|sarlu|sagl|scrl|scarl|societa a responsabilita limitata|societe a responsabilite limitee|sprl|bvba|srl unipersonale|eirl|eurl
SAS|sas|sasu|societe par actions simplifiee|sas de cv
SNC|snc|scs|sca|gie|sem|scop|selarl|sci|scpa|sapa|scra|scoop|sccl|sociedad cooperativa|s coop|secs|sep|sc|s en c|sgr|spz
EI|eirl individual|entreprise individuelle|empresa individual
Ltda|ltda|lda|limitada|eireli|ltda me|ltda epp|unipessoal lda|crl|sgps|epp
BV|bv|besloten vennootschap|bv ba
NV|nv|naamloze vennootschap
VOF|vof|cv|vzw|cvba|cvoa|comm v|commv|asbl|esv
AB|ab|aktiebolag|publ|ab publ|hb|kb|handelsbolag|kommanditbolag
AS|as|asa|aksjeselskap|aps|anpartsselskab|aktieselskab|ivs|amba|fmba|smba|ks|ps|ans|da|nuf|iks
Oy|oy|oyj|oy ab|abp|osakeyhtio|tmi|ky|ay|as oy|asoy
ehf|ehf|hf|ohf|slf
Sp z oo|sp zoo|spzoo|sp z oo|sp zoo sp k|sp zoo sk|sp zoo spk|spolka zoo|spolka z oo|spolka z ograniczona odpowiedzialnoscia|spolka akcyjna|spk|spj|ska|spp|sp k|sp j|sp p|sc spolka cywilna
sro|sro|spol sro|spol s ro|spolecnost s rucenim omezenym|akc spol|akciova spolecnost|kom spol|vos|ks spol|a spol
Kft|kft|korlatolt felelossegu tarsasag|zrt|nyrt|rt|bt|kht|kkt
doo|doo|dooel|dd|ad|dno|jdoo|sp doo|jtd|obrt
OOD|ood|eood|ead|adsitz|ednolichno druzhestvo s ogranichena otgovornost
UAB|uab|sia|ou|osauhing|aktsiaselts|mb
SRL (RO)|srl d|pfa|ong
OOO|ooo|oao|zao|pao|obshchestvo s ogranichennoi otvetstvennostiu|tov|prat|fop
AE|ae|epe|ike|mepe|oe|ovee|monoprosopi ike
AS (TR)|anonim sirketi|limited sirketi|ltd sti|as ve ortaklari|sti|san ve tic ltd sti|san tic ltd sti|sanayi ve ticaret limited sirketi|san ve tic as|sanayi ve ticaret as|sanayi ve ticaret anonim sirketi|tic ltd sti|ve tic ltd sti|ticaret limited sirketi
Bhd|bhd|berhad|sdn bhd|sendirian berhad
PT|pt|tbk|pt tbk
KK|kk|kabushiki kaisha|kabushikikaisha|gk|yk|godo kaisha|yugen kaisha
ShA|sha|shpk
CA|c por a|cxa|sce i|soc col|suc de descendants
SAL|sal|saog|saoc|sae|fzco|fze|fz llc|fzc|wll|psc|pjsc|spc
`

// hanForms are those in Chinese, Japanese and Korean characters, which are glued
// to the name.
const hanForms = `
有限公司|股份有限公司|有限责任公司|有限責任公司|股份公司|集团有限公司|集團有限公司|集团股份有限公司|集团有限责任公司|(集团)有限公司|(集团)股份有限公司|集团公司|集团|集團|有限公司|总公司|公司|分公司|股份有限公司分公司|有限公司分公司|合伙企业|有限合伙|(有限合伙)|普通合伙|(普通合伙)|个人独资企业|个体工商户|(个体工商户)
株式会社|株式会社|株式會社|(株)|有限会社|(有)|合同会社|合資会社|合名会社
주식회사|주식회사|(주)|유한회사|(유)|유한책임회사
`

// frontForms are the forms that stand before the name.
const frontForms = " ooo oao zao pao ao ip tov fop pat vat zat too uab sia pt kk gk ad sc ou as oy firma fa "

// hanFrontForms are those of hanForms that stand before the name as well.
const hanFrontForms = " 株式会社 株式會社 (株) 有限会社 (有) 合同会社 주식회사 (주) 유한회사 (유) "

package sandbox

// A culture is a set of given and family names. Each word is a name, with its
// Latin form for the e-mail address behind a colon where it differs by more
// than case. A hyphen stands for a space.
type culture struct {
	given, family string
	familyFirst   bool
}

var cultures = []culture{
	{ // nordic
		"Astrid Birgitta:birgitta Jørgen:jorgen Søren:soren Åsa:asa Håkon:hakon Linnéa:linnea Óli:oli Þóra:thora Mikko Aino Eskil",
		"Lindqvist Ångström:angstrom Dahl Bergström:bergstrom Nygård:nygard Sørensen:sorensen Jónsdóttir:jonsdottir Korhonen Hämäläinen:hamalainen Øverland:overland Holm Strøm:strom", false,
	},
	{ // central
		"Zuzana Łukasz:lukasz Marek Katarzyna Jiří:jiri Božena:bozena Matěj:matej Šárka:sarka Ágnes:agnes Gábor:gabor Ilona Žofie:zofie",
		"Nowak Zieliński:zielinski Dvořák:dvorak Kučera:kucera Wójcik:wojcik Szabó:szabo Kovács:kovacs Horváth:horvath Černý:cerny Świątek:swiatek Procházka:prochazka Tóth:toth", false,
	},
	{ // balkan
		"Ana Luka Ivana Đorđe:dorde Nikola Jelena Ștefan:stefan Ioana Žarko:zarko Mirjana Petar Răzvan:razvan",
		"Kovačević:kovacevic Jurić:juric Đukić:dukic Popescu Ionescu Marković:markovic Babić:babic Țurcanu:turcanu Novak Vuković:vukovic Šimić:simic Petrović:petrovic", false,
	},
	{ // iberian
		"Tomás:tomas Lucía:lucia João:joao Inês:ines Íñigo:inigo Begoña:begona Andrés:andres Sofía:sofia Gonçalo:goncalo Beatriz Núria:nuria Mateo",
		"Rivera Muñoz:munoz Gonçalves:goncalves Ibáñez:ibanez Sáenz:saenz Conceição:conceicao Peña:pena Magalhães:magalhaes Castaño:castano Vázquez:vazquez Araújo:araujo Ferrer", false,
	},
	{ // western
		"Callum Élodie:elodie François:francois Siobhán:siobhan Lena Jürgen:jurgen Anneliese Margaux Oisín:oisin Greta Noémie:noemie Piet",
		"Reid Fischer Müller:muller Lefèvre:lefevre O’Brien:obrien Weiß:weiss Châtelain:chatelain Jäger:jager MacLeod:macleod Vermeulen Großmann:grossmann Bouchard", false,
	},
	{ // turkish
		"Elif İbrahim:ibrahim Çağla:cagla Şebnem:sebnem Ömer:omer Gülşen:gulsen Işıl:isil Barış:baris Zeynep Ufuk Yağmur:yagmur Tuğba:tugba",
		"Yılmaz:yilmaz Özdemir:ozdemir Şahin:sahin Çelik:celik Güneş:gunes Aydın:aydin Kılıç:kilic Öztürk:ozturk Doğan:dogan Işık:isik Ünal:unal Koç:koc", false,
	},
	{ // african
		"Oluwaseun Adaeze Kwame Amara Thandiwe Sẹ́gun:segun Chidi Zanele Wanjirũ:wanjiru Abebe Fatoumata Tendai",
		"Bello Adeyemi Okafor Mensah Nkosi Diallo Mwangi Tesfaye Ndlovu Ọláyínká:olayinka Traoré:traore Moyo", false,
	},
	{ // southasian
		"Priya Aisha Rohan Meera Arjun Kavya Imran Nadia Sanjay Ishita Farhan Lakshmi",
		"Nair Rahman Iyer Chaudhary Banerjee Siddiqui Kulkarni Menon Perera Hussain Reddy Sharma", false,
	},
	{ // arabic
		"نور:noor فريد:farid ليلى:layla يوسف:youssef مريم:maryam كريم:karim هدى:huda طارق:tariq سلمى:salma زياد:ziad رانيا:rania عمر:omar",
		"حداد:haddad بن-علي:benali منصور:mansour الخطيب:alkhatib خوري:khoury سليمان:suleiman ناصر:nasser الشامي:alshami درويش:darwish عيسى:issa قاسم:qasim زيدان:zidan", false,
	},
	{ // hebrew
		"נועה:noa איתי:itai תמר:tamar יונתן:yonatan שירה:shira אורי:ori מיכל:michal דניאל:daniel יעל:yael עמית:amit רות:rut גיל:gil",
		"כהן:cohen לוי:levi מזרחי:mizrahi פרץ:peretz ביטון:biton אברהם:avraham שפירא:shapira גולן:golan ברק:barak אדלר:adler רוזן:rozen שגב:segev", false,
	},
	{ // japanese
		"花:hana 美咲:misaki 健太:kenta 陽子:yoko 大輔:daisuke さくら:sakura 翔:sho 恵:megumi 直樹:naoki 由美:yumi 拓也:takuya 葵:aoi",
		"佐藤:sato 田中:tanaka 鈴木:suzuki 高橋:takahashi 渡辺:watanabe 伊藤:ito 山本:yamamoto 中村:nakamura 小林:kobayashi 加藤:kato 吉田:yoshida 斎藤:saito", true,
	},
	{ // korean
		"지훈:jihoon 서연:seoyeon 민준:minjun 하은:haeun 도윤:doyun 유진:yujin 현우:hyunwoo 수빈:subin 준호:junho 예린:yerin 태현:taehyun 은지:eunji",
		"김:kim 이:lee 박:park 최:choi 정:jung 강:kang 조:cho 윤:yoon 장:jang 임:lim 한:han 오:oh", true,
	},
	{ // hindi
		"अनन्या:ananya विवेक:vivek सुनीता:sunita राहुल:rahul दीपिका:deepika अमित:amit नेहा:neha संजय:sanjay पूजा:pooja करण:karan मीरा:mira रवि:ravi",
		"शर्मा:sharma वर्मा:verma गुप्ता:gupta सिंह:singh पटेल:patel जोशी:joshi मिश्रा:mishra यादव:yadav चौहान:chauhan देसाई:desai कुमार:kumar त्रिपाठी:tripathi", false,
	},
	{ // greek
		"Ελένη:eleni Γιώργος:giorgos Μαρία:maria Νίκος:nikos Κατερίνα:katerina Δημήτρης:dimitris Σοφία:sofia Ανδρέας:andreas Ιωάννα:ioanna Πέτρος:petros Θάλεια:thalia Στέλιος:stelios",
		"Παπαδοπούλου:papadopoulou Νικολάου:nikolaou Βασιλείου:vasileiou Οικονόμου:oikonomou Δημητρίου:dimitriou Γεωργίου:georgiou Αντωνίου:antoniou Μακρής:makris Καραγιάννης:karagiannis Ρήγα:riga Σταύρου:stavrou Λάμπρου:lamprou", false,
	},
	{ // cyrillic
		"Дарья:darya Олена:olena Богдан:bohdan Ирина:irina Сергей:sergey Наталія:nataliia Мария:mariya Димитър:dimitar Александар:aleksandar Галина:galina Тарас:taras Юлия:yuliya",
		"Петрова:petrova Шевченко:shevchenko Иванов:ivanov Коваленко:kovalenko Георгиев:georgiev Бойко:boyko Соколова:sokolova Јовановић:jovanovic Ткаченко:tkachenko Морозова:morozova Димитрова:dimitrova Лысенко:lysenko", false,
	},
	{ // eastasian
		"Mei Xiaoming:xiaoming Linh Minh Wei Jiaying:jiaying Thảo:thao Đức:duc Hương:huong Nattapong Siti Jun",
		"Tanaka Chen Nguyễn:nguyen Trần:tran Phạm:pham Lim Wong Hoàng:hoang Srisuk Wijaya Zhang Lý:ly", false,
	},
}

// knownPeople are the first users of the large organization, in this order;
// the demo's pictures and tests name them.
var knownPeople = []string{
	"Ingrid Solheim", "Ana Kovač", "Elif Yılmaz", "Jonas Berg", "Priya Nair", "Tomás Rivera", "Mei Tanaka",
	"Lena Fischer", "Noor Haddad", "Marek Zieliński", "Callum Reid", "Aisha Rahman", "Björn Lindqvist",
	"Daria Petrova", "Farid Benali", "Hana Sato", "Katarzyna Nowak", "Wale Adeyemi", "Oluwaseun Bello",
	"Sofia Marino", "Henrik Dahl",
}

// knownAddresses are the local parts of those with letters outside ASCII.
var knownAddresses = map[string]string{
	"Ana Kovač": "ana.kovac", "Elif Yılmaz": "elif.yilmaz", "Tomás Rivera": "tomas.rivera",
	"Marek Zieliński": "marek.zielinski", "Björn Lindqvist": "bjorn.lindqvist",
}

var zones = []string{"Europe/Oslo", "Europe/Berlin", "Europe/Lisbon", "Africa/Lagos", "Asia/Tokyo", "Asia/Kolkata", "America/Toronto", "UTC"}

package web

// paperRoutes are the papers of an abduction matter over the API: the folder,
// the application form, letters and bundles.
func (s *Server) paperRoutes() []route {
	return []route{
		api("GET", "/abductions/:id/papers", s.readPapers),
		api("POST", "/abductions/:id/papers", s.addPaper),
		api("POST", "/abductions/:id/papers/:paper", s.changePaper),
		api("POST", "/abductions/:id/papers/:paper/files", s.addPaperFile),
		api("GET", "/abductions/:id/papers/:paper/files/:file", s.paperFileSent),
		api("DELETE", "/abductions/:id/papers/:paper/files/:file", s.removePaperFile),
		api("GET", "/abductions/:id/application", s.readApplication, "recipient", "language"),
		api("POST", "/abductions/:id/application", s.writeApplication),
		api("GET", "/abductions/:id/letter-draft", s.draftLetter, "template", "recipient", "institution_id", "language"),
		api("POST", "/abductions/:id/letters", s.makeLetter),
		api("GET", "/abductions/:id/letters/:n", s.readLetter),
		api("GET", "/abductions/:id/letters/:n/letter.pdf", s.letterPDF),
		api("GET", "/abductions/:id/bundles/plan", s.planBundle, "recipient", "language"),
		api("POST", "/abductions/:id/bundles", s.makeBundle),
		api("GET", "/abductions/:id/bundles/:n/bundle.pdf", s.bundlePDF),
		api("GET", "/abductions/:id/bundles/:n/bundle.zip", s.bundleZip),
	}
}

// paperPages are the papers of an abduction matter on the desk.
func (s *Server) paperPages() []route {
	return []route{
		{"GET", "/desk/abductions/:id/papers", s.papersPage},
		{"POST", "/desk/abductions/:id/papers", s.paperAdded},
		{"POST", "/desk/abductions/:id/papers/:paper", s.paperChanged},
		{"POST", "/desk/abductions/:id/papers/:paper/files", s.paperFileAdded},
		{"POST", "/desk/abductions/:id/papers/:paper/files/:file/remove", s.paperFileRemoved},
		{"GET", "/desk/abductions/:id/application", s.applicationPage},
		{"POST", "/desk/abductions/:id/application", s.applicationWritten},
		{"GET", "/desk/abductions/:id/letters/new", s.letterNewPage},
		{"POST", "/desk/abductions/:id/letters/new", s.letterMade},
		{"GET", "/desk/abductions/:id/letters/:n", s.madeLetterPage},
		{"GET", "/desk/abductions/:id/bundle", s.bundlePage},
		{"POST", "/desk/abductions/:id/bundle", s.bundleMade},
	}
}
